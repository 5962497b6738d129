#include "error/utf8.h"

#include <string>

#include "fakes/catch.h"

TEST_CASE("a well-formed character has a length, anything else none", "[error]") {
    for (const std::string character :
         {"a", "\x7f", "\xc3\xa4", "\xe0\xa0\x80", "\xe2\x82\xac", "\xed\x9f\xbf", "\xee\x80\x80",
          "\xf0\x90\x80\x80", "\xf4\x8f\xbf\xbf"}) {
        CHECK(error::utf8_length(character + "tail") == character.size());
        CHECK(error::utf8_length(character) == character.size());
    }
    for (const char* other :
         {"\x80", "\xc0\xaf", "\xc1\xbf", "\xe0\x82\x9b", "\xed\xa0\x80", "\xf0\x82\x82\xac",
          "\xf4\x90\x80\x80", "\xf5\x80\x80\x80", "\xff", "\xc3", "\xe2\x82", "\xf0\x90\x80",
          "\xc3(", "\xe2\x82(", "\xf0\x90\x80("}) {
        CHECK(error::utf8_length(other) == 0);
    }
    CHECK(error::utf8_length("") == 0);
    CHECK(error::is_utf8(""));
    CHECK(error::is_utf8("caf\xc3\xa9"));
    CHECK_FALSE(error::is_utf8("caf\xe9"));
}

TEST_CASE("what a terminal obeys cannot be drawn", "[error]") {
    CHECK(error::printable_length("a") == 1);
    CHECK(error::printable_length("\xc2\xa0") == 2);
    CHECK(error::printable_length("\xd8\x9b") == 2);
    CHECK(error::printable_length("\xe2\x80\x90") == 3);
    for (const char* other : {"\x1b", "\n", "\x7f", "\xc2\x9b", "\xd8\x9c", "\xe2\x80\x8f",
                              "\xe2\x80\xae", "\xe2\x81\xa6", "\xe0\x82\x9b"}) {
        CHECK(error::printable_length(other) == 0);
    }
}
