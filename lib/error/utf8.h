// UTF-8 (RFC 3629): which characters of a foreign text are safe to print on a terminal.
#pragma once

#include <cstddef>
#include <string_view>

namespace error {

/// The length in bytes of the valid character at the beginning of the text; 0 if there is none.
std::size_t utf8_length(std::string_view text);
/// Whether the whole text is valid UTF-8.
bool is_utf8(std::string_view text);
/// Like utf8_length, but also 0 for a control character and for one that changes the direction of
/// writing.
std::size_t printable_length(std::string_view text);

}  // namespace error
