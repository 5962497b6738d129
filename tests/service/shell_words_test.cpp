// Words as a shell splits them.

#include "service/shell_words.h"

#include "error/error.h"
#include "fakes/catch.h"
#include "service/random.h"

using Words = std::vector<std::string>;

TEST_CASE("words and quotes are split as a shell does, and nothing is expanded", "[words]") {
    CHECK(service::split_words("").empty());
    CHECK(service::split_words("  \n ").empty());
    CHECK(service::split_words("-c max_connections=50") == Words{"-c", "max_connections=50"});
    CHECK(service::split_words("-c 'a b'\"c d\"e") == Words{"-c", "a bc de"});
    CHECK(service::split_words("a\\ b \"\\\"\\x\" ''") == Words{"a b", "\"\\x", ""});
    CHECK(service::split_words("* $HOME `id` ~") == Words{"*", "$HOME", "`id`", "~"});
}

TEST_CASE("an open quote is refused", "[words]") {
    for (const std::string text : {"it's", "\"a", "a\\"})
        CHECK_THROWS_AS(service::split_words(text), Error);
}

TEST_CASE("random passwords have the length asked for and differ", "[words]") {
    const auto one = service::random_hex(16);
    CHECK(one.size() == 32);
    CHECK(one.find_first_not_of("0123456789abcdef") == std::string::npos);
    CHECK(one != service::random_hex(16));
}
