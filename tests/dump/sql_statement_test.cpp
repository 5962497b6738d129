// SQL as the server's scanner takes it apart.
#include "dump/sql_statement.h"

#include "fakes/catch.h"

namespace {

std::string taken(std::string_view sql) {
    std::string all;
    for (const auto& token : dump::tokens_of(sql)) {
        constexpr std::string_view kinds = "wnts";
        all += std::string{kinds[static_cast<std::size_t>(token.kind)]} + ":" + token.value + "|";
    }
    return all;
}

}  // namespace

TEST_CASE("words, names, texts and symbols") {
    CHECK(taken("Create TABLE \"A \"\" b\".t$1 -- x\n(i /* y /* z */ */ 'it''s')") ==
          "w:create|w:table|n:A \" b|s:.|w:t$1|s:(|w:i|t:it's|s:)|");
    CHECK(taken("E'a\\'b' 'a\\' e'x' $$a 'b'$$ $t$ $$ $t$ $1") ==
          "t:a'b|t:a\\|t:x|t:a 'b'|t: $$ |s:$|s:1|");
    CHECK(taken("caf\xc3\xa9;1.5") == "w:caf\xc3\xa9|s:;|s:1|s:.|s:5|");
    CHECK(taken("").empty());
    for (const char* open : {"'a", "\"a", "$$a", "/* a", "e'a\\", "-- a", "$a", "'"}) {
        CAPTURE(open);
        CHECK(dump::tokens_of(open).size() <= 2);
    }
    CHECK(dump::tokens_of("a b c", 2).size() == 2);
}

TEST_CASE("statements of a text") {
    const auto all = dump::statements_of("a (b; c); 'x;y'; d");
    REQUIRE(all.size() == 3);
    CHECK(all[0] == "a (b; c);");
    CHECK(all[1] == " 'x;y';");
    CHECK(all[2] == " d");
    CHECK(dump::statements_of(" -- x\n").empty());
}

TEST_CASE("names and texts are quoted") {
    CHECK(dump::quoted_name("a\"b") == "\"a\"\"b\"");
    CHECK(dump::quoted_text("it's") == "'it''s'");
    CHECK(dump::quoted_text("a\\b") == " E'a\\\\b'");
}
