// What every fuzzer shares: one function to attack, properties that must hold, pieces of an input.
#pragma once

#include <cstddef>
#include <cstdint>
#include <cstdio>
#include <cstdlib>
#include <functional>
#include <string>
#include <string_view>
#include <vector>

#include "error/error.h"
#include "error/utf8.h"

/// Takes the bytes of one run. An exception that is no Error ends the program: a finding.
void attack(std::string_view bytes);

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size);
extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    attack({reinterpret_cast<const char*>(data), size});
    return 0;
}

namespace fuzz {

/// Ends the program, which libFuzzer takes for a finding, unless the property holds.
inline void hold(bool property, const char* name) {
    if (property) return;
    static_cast<void>(std::fprintf(stderr, "does not hold: %s\n", name));
    std::abort();
}

/// What an action was refused with, empty when it was not.
inline std::string refusal(const std::function<void()>& action) {
    try {
        action();
    } catch (const Error& error) {
        return *error.what() == '\0' ? "no message" : error.what();
    }
    return {};
}

/// The parts of an input, each up to a separator.
inline std::vector<std::string> parts(std::string_view bytes, char separator) {
    std::vector<std::string> found;
    while (true) {
        const auto end = bytes.find(separator);
        found.emplace_back(bytes.substr(0, end));
        if (end == std::string_view::npos) return found;
        bytes.remove_prefix(end + 1);
    }
}

/// Whether an input is one of those, one in so many, for which what takes long is done as well.
inline bool is_one_in(std::size_t many, std::string_view bytes) {
    return std::hash<std::string_view>{}(bytes) % many == 0;
}

/// Takes one byte off the front; 0 when there is none.
inline unsigned take_byte(std::string_view& bytes) {
    if (bytes.empty()) return 0;
    const auto byte = static_cast<unsigned char>(bytes.front());
    bytes.remove_prefix(1);
    return byte;
}

/// Hands the bytes over in pieces whose sizes follow from the seed.
inline void in_pieces(std::string_view bytes, unsigned seed,
                      const std::function<void(std::string_view)>& take) {
    while (!bytes.empty()) {
        seed = seed * 1103515245U + 12345U;
        const auto piece = bytes.substr(0, 1 + (seed >> 16U) % 7);
        // a copy of its own, so that a byte read beyond it is a finding
        const std::vector<char> copy(piece.begin(), piece.end());
        take({copy.data(), copy.size()});
        bytes.remove_prefix(piece.size());
    }
}

inline bool is_drawable(std::string_view text) {
    while (!text.empty()) {
        const auto length = error::printable_length(text);
        if (length == 0) return false;
        text.remove_prefix(length);
    }
    return true;
}

}  // namespace fuzz
