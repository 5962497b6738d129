// How psql and the server tell the characters of SQL apart, whatever the locale.
#pragma once

#include <string_view>

namespace dump {

inline bool is_space(char c) {
    return std::string_view{" \t\n\r\f\v"}.find(c) != std::string_view::npos;
}
inline bool is_digit(char c) { return c >= '0' && c <= '9'; }
/// Bytes of other alphabets count as letters, whatever the encoding: so does psql.
inline bool is_letter(char c) {
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || c == '_' ||
           static_cast<unsigned char>(c) >= 0x80;
}
inline bool is_word(char c) { return is_letter(c) || is_digit(c) || c == '$'; }

}  // namespace dump
