// UTF-8 (RFC 3629): which characters of a foreign text are safe to print on a terminal.
#include "error/utf8.h"

#include <algorithm>
#include <iterator>

namespace error {

namespace {

using Byte = unsigned char;

/// The valid first bytes of a character, its length, and the valid range of its second byte.
/// Overlong forms, surrogates and code points above U+10FFFF are excluded.
struct Lead {
    Byte first, last;
    std::size_t length;
    Byte least, most;
};
constexpr Lead leads[] = {
    {0x00, 0x7f, 1, 0, 0},       {0xc2, 0xdf, 2, 0x80, 0xbf}, {0xe0, 0xe0, 3, 0xa0, 0xbf},
    {0xe1, 0xec, 3, 0x80, 0xbf}, {0xed, 0xed, 3, 0x80, 0x9f}, {0xee, 0xef, 3, 0x80, 0xbf},
    {0xf0, 0xf0, 4, 0x90, 0xbf}, {0xf1, 0xf3, 4, 0x80, 0xbf}, {0xf4, 0xf4, 4, 0x80, 0x8f},
};

struct Range {
    std::string_view first, last;
};
// Both ends of a range have the same length, so their bytes compare like their code points.
constexpr Range unprintable[] = {
    {"\xc2\x80", "\xc2\x9f"},          // C1 control characters
    {"\xd8\x9c", "\xd8\x9c"},          // Arabic letter mark
    {"\xe2\x80\x8e", "\xe2\x80\x8f"},  // left-to-right and right-to-left marks
    // NOLINTBEGIN(misc-misleading-bidirectional): these are escapes, which do not affect this line
    {"\xe2\x80\xa8", "\xe2\x80\xae"},  // line separators, embeddings, overrides
    {"\xe2\x81\xa6", "\xe2\x81\xa9"},  // isolates
    // NOLINTEND(misc-misleading-bidirectional)
};

}  // namespace

std::size_t utf8_length(std::string_view text) {
    if (text.empty()) return 0;
    const auto byte = [&](std::size_t at) { return static_cast<Byte>(text[at]); };
    const auto* const lead = std::find_if(std::begin(leads), std::end(leads), [&](const Lead& one) {
        return byte(0) >= one.first && byte(0) <= one.last;
    });
    if (lead == std::end(leads) || lead->length > text.size()) return 0;
    if (lead->length > 1 && (byte(1) < lead->least || byte(1) > lead->most)) return 0;
    for (std::size_t at = 2; at < lead->length; ++at) {
        if ((byte(at) & 0xc0U) != 0x80) return 0;
    }
    return lead->length;
}

bool is_utf8(std::string_view text) {
    while (const std::size_t length = utf8_length(text)) text.remove_prefix(length);
    return text.empty();
}

std::size_t printable_length(std::string_view text) {
    const std::size_t length = utf8_length(text);
    const std::string_view character = text.substr(0, length);
    if (length == 1 && (text[0] < 0x20 || text[0] == 0x7f)) return 0;
    const bool hidden =
        std::any_of(std::begin(unprintable), std::end(unprintable), [&](const Range& range) {
            return range.first.size() == length && character >= range.first &&
                   character <= range.last;
        });
    return hidden ? 0 : length;
}

}  // namespace error
