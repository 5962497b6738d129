// Text in UTF-16, as PowerShell's `>` writes it, put into UTF-8 on the way.
#pragma once

#include <string>
#include <string_view>

namespace dump {

/// How the bytes of a text are to be read.
enum class Encoding { utf8, utf16_le, utf16_be };

/// Told by the first bytes: a byte order mark, or letters with a zero beside each.
Encoding encoding_of(std::string_view head);

/// Converts a stream in pieces of any size; what is no character becomes U+FFFD.
class Utf16Decoder {
public:
    explicit Utf16Decoder(Encoding encoding) : encoding_(encoding) {}

    /// The text of the next bytes, without the byte order mark.
    std::string text(std::string_view bytes);
    /// Whether the stream may end here.
    bool is_whole() const { return half_.empty() && high_ == 0; }

private:
    void put(std::string& to, unsigned unit);

    Encoding encoding_;
    std::string half_;   // the first byte of a unit
    unsigned high_ = 0;  // the first unit of a pair
    bool began_ = false;
};

}  // namespace dump
