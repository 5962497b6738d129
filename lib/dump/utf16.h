// Converts UTF-16, as PowerShell's `>` writes it, to UTF-8.
#pragma once

#include <string>
#include <string_view>

namespace dump {

/// The encoding of a text.
enum class Encoding { utf8, utf16_le, utf16_be };

/// Detects the encoding by the first bytes: a byte order mark, or a zero byte beside each letter.
Encoding encoding_of(std::string_view head);

/// Converts a stream in pieces of any size. Invalid characters become U+FFFD.
class Utf16Decoder {
public:
    explicit Utf16Decoder(Encoding encoding) : encoding_(encoding) {}

    /// Converts the next bytes; drops the byte order mark.
    std::string text(std::string_view bytes);
    /// Whether no character is incomplete.
    bool is_whole() const { return half_.empty() && high_ == 0; }

private:
    void put(std::string& to, unsigned unit);

    Encoding encoding_;
    std::string half_;   // the first byte of a unit
    unsigned high_ = 0;  // the first unit of a pair
    bool began_ = false;
};

}  // namespace dump
