// JSON as scripts read it.
#include "cli/json.h"

#include "error/error.h"
#include "fakes/catch.h"

TEST_CASE("json is one compact document and a newline, in the order given", "[cli]") {
    CHECK(cli::json_object({{"zeta", "1"}, {"alpha", "two"}}) ==
          "{\"zeta\":\"1\",\"alpha\":\"two\"}\n");
    CHECK(cli::json_object({}) == "{}\n");
    CHECK(cli::json_list({"a", "b"}) == "[\"a\",\"b\"]\n");
    CHECK(cli::json_list({}) == "[]\n");
    CHECK(cli::json_objects({{{"a", "1"}}, {{"a", "2"}}}) == "[{\"a\":\"1\"},{\"a\":\"2\"}]\n");
    CHECK(cli::json_objects({}) == "[]\n");
}

TEST_CASE("json escapes what would end a text", "[cli]") {
    CHECK(cli::json_list({"say \"hi\"\n\\\x01"}) == "[\"say \\\"hi\\\"\\n\\\\\\u0001\"]\n");
}

TEST_CASE("the value of --format", "[cli]") {
    CHECK(cli::wants_json("json"));
    CHECK_FALSE(cli::wants_json("stdout"));
    CHECK_FALSE(cli::wants_json("text"));
    try {
        cli::wants_json("xml");
        FAIL("taken");
    } catch (const Error& e) {
        CHECK(e.code() == Exit::usage);
        CHECK(std::string(e.what()) == "unknown format 'xml'");
    }
}
