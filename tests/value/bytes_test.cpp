// Numbers of bytes, as flags take them.
#include "value/bytes.h"

#include "fakes/catch.h"

using value::limit_text;
using value::parse_limit;

namespace {

constexpr std::int64_t mega = 1 << 20;

std::int64_t parsed(std::string_view text, std::int64_t unit = 1) {
    const auto found = parse_limit(text, unit);
    return found ? found->count : -1;
}

}  // namespace

TEST_CASE("a limit has a unit, or the flag's own", "[value]") {
    CHECK(parsed("256m") == 256 * mega);
    CHECK(parsed("256M") == 256 * mega);
    CHECK(parsed("1g") == 1024 * mega);
    CHECK(parsed("4k") == 4096);
    CHECK(parsed("12b") == 12);
    CHECK(parsed("12") == 12);
    CHECK(parsed("256", mega) == 256 * mega);
    CHECK(parsed("1g", mega) == 1024 * mega);
    CHECK(parsed("0") == 0);
}

TEST_CASE("anything else is no limit", "[value]") {
    for (const char* text : {"", "m", "-1", "+1", "1.5g", "1t", "1mb", " 1", "1 m", "0x10",
                             "9223372036854775808", "9223372036854775807k", "99999999999g"})
        CHECK(parsed(text) == -1);
}

TEST_CASE("what a limit reads as is taken for it", "[value]") {
    CHECK(limit_text(256 * mega) == "256m");
    CHECK(limit_text(1024 * mega) == "1g");
    CHECK(limit_text(1025 * mega) == "1025m");
    CHECK(limit_text(1500 * 1024) == "1500k");
    CHECK(limit_text(1) == "1b");
    CHECK(limit_text(0) == "0b");
    for (const std::int64_t bytes : {1L, 4095L, 4096L, 5L << 20, 7L << 30})
        CHECK(parsed(limit_text(bytes), mega) == bytes);
}
