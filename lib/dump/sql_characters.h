// The character classes of SQL in psql and the server, independent of the locale.
#pragma once

#include <string_view>

namespace dump {

/// Whether it separates tokens.
inline bool is_space(char c) {
    return std::string_view{" \t\n\r\f\v"}.find(c) != std::string_view::npos;
}
/// Whether it is an ASCII digit.
inline bool is_digit(char c) { return c >= '0' && c <= '9'; }
/// Bytes above 127 count as letters in every encoding, as in psql.
inline bool is_letter(char c) {
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || c == '_' ||
           static_cast<unsigned char>(c) >= 0x80;
}
/// Whether it can be part of a name or keyword after the first character.
inline bool is_word(char c) { return is_letter(c) || is_digit(c) || c == '$'; }

}  // namespace dump
