// UTF-16 into UTF-8, as it comes.
#include "dump/utf16.h"

#include "fakes/catch.h"

namespace {

using dump::Encoding;

std::string units(std::initializer_list<unsigned> all, Encoding encoding) {
    std::string bytes;
    for (const unsigned unit : all) {
        const char low = static_cast<char>(unit & 0xff);
        const char high = static_cast<char>(unit >> 8);
        bytes += encoding == Encoding::utf16_le ? std::string{low, high} : std::string{high, low};
    }
    return bytes;
}

}  // namespace

TEST_CASE("every character, in pieces of any size and both orders") {
    for (const Encoding encoding : {Encoding::utf16_le, Encoding::utf16_be}) {
        const std::string bytes =
            units({0xfeff, 'a', 0xe9, 0x20ac, 0xd83d, 0xde00, '\n', 0xfeff}, encoding);
        for (const std::size_t piece : {100U, 1U, 2U, 3U, 5U}) {
            dump::Utf16Decoder reader{encoding};
            std::string text;
            for (std::size_t at = 0; at < bytes.size(); at += piece)
                text += reader.text(std::string_view{bytes}.substr(at, piece));
            CHECK(text == "a\xc3\xa9\xe2\x82\xac\xf0\x9f\x98\x80\n\xef\xbb\xbf");
            CHECK(reader.is_whole());
        }
    }
}

TEST_CASE("half a pair is no character, half a unit no end") {
    dump::Utf16Decoder reader{Encoding::utf16_le};
    CHECK(reader.text(units({0xd83d, 'a', 0xde00}, Encoding::utf16_le)) ==
          "\xef\xbf\xbd"
          "a\xef\xbf\xbd");
    CHECK(reader.is_whole());
    CHECK(reader.text("a").empty());
    CHECK_FALSE(reader.is_whole());
}
