// What Dokku's helpers print.
#include "host/answers.h"

#include "error/error.h"
#include "fakes/catch.h"

using Words = std::vector<std::string>;

TEST_CASE("lines and options of helpers are taken apart", "[host]") {
    CHECK(host::lines_of("\na\n\nb") == Words{"a", "b"});
    CHECK(host::last_line("-----> working\nanswer\n") == "answer");
    CHECK(host::last_line("").empty());
    CHECK(host::split_options(" --link a:b  -v /x:/y word") ==
          Words{"--link a:b", "-v /x:/y word"});
}

TEST_CASE("a config is the JSON of the last line", "[host]") {
    const auto config = host::read_config("app", "progress\n{\"A\":\"b\",\"N\":1}\n");
    CHECK(config == host::Config{{"A", "b"}, {"N", "1"}});
    CHECK_THROWS_AS(host::read_config("app", "[1]"), Error);
    CHECK_THROWS_AS(host::read_config("app", ""), Error);
    CHECK(host::read_properties("key a value\nodd\n").at("key") == "a value");
}

TEST_CASE("what a helper said is shown without a secret", "[host]") {
    CHECK(host::error_hint("one\n !     two\x1b[2J\n", {}) == "Dokku says: two");
    CHECK(host::error_hint(" !     bad value s3cret\n", {{"A", "s3cret"}}).empty());
    CHECK(host::error_hint(" !     bad value s3c\xe2\x80\x8eret\n", {{"A", "s3cret"}}).empty());
    CHECK(host::error_hint(" !     ", {}).empty());
}
