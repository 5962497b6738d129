// What commands show, as scripts and people read it.
#include "cli/report.h"

#include "error/error.h"
#include "fakes/catch.h"

using value::Bytes;
using value::Fields;
using value::List;
using value::Value;

TEST_CASE("json is one compact document and a newline, in the order given", "[cli]") {
    CHECK(cli::json(Fields{{"zeta", "1"}, {"alpha", "two"}}) ==
          "{\"zeta\":\"1\",\"alpha\":\"two\"}\n");
    CHECK(cli::json(Fields{}) == "{}\n");
    CHECK(cli::json(List{"a", "b"}) == "[\"a\",\"b\"]\n");
    CHECK(cli::json(List{}) == "[]\n");
    CHECK(cli::json(List{Fields{{"a", "1"}}, Fields{{"a", "2"}}}) ==
          "[{\"a\":\"1\"},{\"a\":\"2\"}]\n");
}

TEST_CASE("json keeps the kind of each value", "[cli]") {
    CHECK(cli::json(Fields{{"null", {}},
                           {"flag", true},
                           {"number", std::int64_t{-3}},
                           {"bytes", Bytes{.count = 1536}},
                           {"limit", Bytes{.count = 1 << 20, .is_limit = true}},
                           {"duration", std::chrono::seconds{90}},
                           {"time", value::Time{std::chrono::seconds{1764484630}}},
                           {"list", List{"a", {}}}}) ==
          "{\"null\":null,\"flag\":true,\"number\":-3,\"bytes\":1536,\"limit\":1048576,"
          "\"duration\":90,\"time\":\"2025-11-30T06:37:10Z\",\"list\":[\"a\",null]}\n");
    CHECK(cli::json(value::shown_as(std::int64_t{7}, "seven")) == "7\n");
    CHECK(cli::json(value::text_or_null("")) == "null\n");
    CHECK(cli::json(value::text_or_null("a")) == "\"a\"\n");
}

TEST_CASE("json escapes what would end a text", "[cli]") {
    CHECK(cli::json(List{"say \"hi\"\n\\\x01"}) == "[\"say \\\"hi\\\"\\n\\\\\\u0001\"]\n");
}

TEST_CASE("people read every kind of value in a line", "[cli]") {
    CHECK(cli::text({}) == "-");
    CHECK(cli::text(false) == "false");
    CHECK(cli::text(std::int64_t{12}) == "12");
    CHECK(cli::text(Bytes{.count = 7'700'000}) == "7.7 MB");
    CHECK(cli::text(Bytes{.count = 256 << 20, .is_limit = true}) == "256m");
    CHECK(cli::text(std::chrono::seconds{90}) == "1:30");
    CHECK(cli::text(std::chrono::seconds{2 * 86400 + 61}) == "2 d 0:01:01");
    CHECK(cli::text(value::Time{std::chrono::seconds{951782400}}) == "2000-02-29 00:00:00 UTC");
    CHECK(cli::text(List{"a", "b"}) == "a,b");
    CHECK(cli::text(List{}).empty());
    CHECK(cli::text(Fields{{"a", "1"}, {"b", {}}}) == "a=1 b=-");
    CHECK(cli::text(value::shown_as(List{}, "-")) == "-");
    CHECK(cli::text(value::text_or_null("")).empty());
}

TEST_CASE("the table has the official plugin's columns", "[cli]") {
    CHECK(cli::table({{"config-dir", "/a"}, {"post-create-network", "x"}}) ==
          "       Config dir:          /a\n"
          "       Post create network: x\n");
    CHECK(cli::table({{"yaml-cpp", "1"}}, {.in_words = false, .width = 10}) ==
          "       yaml-cpp:  1\n");
    CHECK(cli::table({{"links", "\x1b[31m"}}).find('\x1b') == std::string::npos);
}

TEST_CASE("the value of --format", "[cli]") {
    const auto wants = [](const char* format) {
        return cli::wants_json({.values = {{"format", {format}}}});
    };
    CHECK(wants("json"));
    CHECK_FALSE(wants("stdout"));
    CHECK_FALSE(wants("text"));
    CHECK_FALSE(cli::wants_json({}));
    try {
        wants("xml");
        FAIL("taken");
    } catch (const Error& e) {
        CHECK(e.code() == Exit::usage);
        CHECK(std::string(e.what()) == "unknown format 'xml'");
    }
}

TEST_CASE("rows are aligned under their names, numbers to the right", "[cli]") {
    CHECK(cli::rows(
              List{Fields{{"name", "caf\xc3\xa9"}, {"open-since", std::int64_t{5}}, {"note", {}}},
                   Fields{{"name", "a"}, {"open-since", {}}, {"note", "text"}}}) ==
          "       Name  Open since  Note\n"
          "       caf\xc3\xa9           5  -\n"
          "       a              -  text\n");
    CHECK(cli::rows({}).empty());
}

TEST_CASE("only the form that is asked for is made", "[cli]") {
    std::string made;
    const auto show = [&](const char* format) {
        cli::show(
            {.values = {{"format", {format}}}},
            [&]() -> value::Value {
                made += "json ";
                throw Error{"it is asked for"};
            },
            [&] { made += "people "; });
    };
    CHECK_NOTHROW(show("stdout"));
    CHECK_THROWS_AS(show("json"), Error);
    CHECK(made == "people json ");
}

TEST_CASE("a command has --format where the flag is the one for all", "[cli]") {
    constexpr cli::Flag own[] = {{0, "format", "custom|plain|tar", "of the dump"}};
    constexpr cli::Flag ours[] = {cli::format_flag};
    CHECK(cli::has_format({.name = "list", .summary = "", .flags = ours}));
    CHECK_FALSE(cli::has_format({.name = "export", .summary = "", .flags = own}));
}
