// Words: options split as a shell splits them, random passwords, the colours of further link
// variables.
#pragma once

#include <cstddef>
#include <string>
#include <string_view>
#include <vector>

namespace service {

/// The names that a further link of an app is told apart by (DOKKU_POSTGRES_<COLOUR>_URL), in the
/// order they are given out.
inline constexpr std::string_view colours[] = {
    "AQUA", "BLACK", "BLUE",   "FUCHSIA", "GRAY",   "GREEN", "LIME",  "MAROON",
    "NAVY", "OLIVE", "PURPLE", "RED",     "SILVER", "TEAL",  "WHITE", "YELLOW",
};

/// Splits as a shell splits words and quotes; nothing is expanded. Throws a usage Error for a quote
/// that is not closed.
std::vector<std::string> split_words(std::string_view text);
/// The words in one text, the separator between each two.
std::string joined(const std::vector<std::string>& words, std::string_view separator);
/// Random bytes of the kernel as lower-case hexadecimal digits, two a byte.
std::string random_hex(std::size_t bytes);

}  // namespace service
