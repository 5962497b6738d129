// Converts UTF-16, as PowerShell's `>` writes it, to UTF-8.
#include "dump/utf16.h"

#include <algorithm>

namespace dump {

namespace {

constexpr unsigned replacement_character = 0xfffd;
constexpr unsigned byte_order_mark = 0xfeff;

void put_character(std::string& to, unsigned code) {
    const auto more = [&](unsigned shift) {
        to += static_cast<char>(0x80U | ((code >> shift) & 0x3fU));
    };
    if (code < 0x80) {
        to += static_cast<char>(code);
    } else if (code < 0x800) {
        to += static_cast<char>(0xc0U | (code >> 6U));
        more(0);
    } else if (code < 0x10000) {
        to += static_cast<char>(0xe0U | (code >> 12U));
        more(6);
        more(0);
    } else {
        to += static_cast<char>(0xf0U | (code >> 18U));
        more(12);
        more(6);
        more(0);
    }
}

// Whether every second byte is zero and the others are ASCII.
bool alternates(std::string_view head, std::size_t zeros_at) {
    constexpr std::size_t enough = 8;
    if (head.size() < enough) return false;
    for (std::size_t i = 0; i < enough; ++i) {
        const bool is_zero = head[i] == '\0';
        if (is_zero != (i % 2 == zeros_at)) return false;
    }
    return true;
}

}  // namespace

Encoding encoding_of(std::string_view head) {
    if (head.starts_with("\xff\xfe") || alternates(head, 1)) return Encoding::utf16_le;
    if (head.starts_with("\xfe\xff") || alternates(head, 0)) return Encoding::utf16_be;
    return Encoding::utf8;
}

void Utf16Decoder::put(std::string& to, unsigned unit) {
    const bool first = !began_;
    began_ = true;
    if (first && unit == byte_order_mark) return;
    const bool is_high = unit >= 0xd800 && unit < 0xdc00;
    const bool is_low = unit >= 0xdc00 && unit < 0xe000;
    if (high_ != 0) {
        const unsigned high = high_;
        high_ = 0;
        if (is_low) return put_character(to, 0x10000 + ((high - 0xd800) << 10U) + unit - 0xdc00);
        put_character(to, replacement_character);
    }
    if (is_high) {
        high_ = unit;
    } else {
        put_character(to, is_low ? replacement_character : unit);
    }
}

std::string Utf16Decoder::text(std::string_view bytes) {
    std::string to;
    to.reserve(bytes.size());
    for (const char c : bytes) {
        if (half_.empty()) {
            half_ = c;
            continue;
        }
        const auto first = static_cast<unsigned char>(half_.front());
        const auto second = static_cast<unsigned char>(c);
        half_.clear();
        put(to, encoding_ == Encoding::utf16_le ? first | (unsigned{second} << 8U)
                                                : second | (unsigned{first} << 8U));
    }
    return to;
}

}  // namespace dump
