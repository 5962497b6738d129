// Sizes in bytes, and how flags write them (`256m`).
#include "value/bytes.h"

#include <charconv>
#include <limits>
#include <utility>

namespace value {

namespace {

constexpr std::pair<char, std::int64_t> units[] = {
    {'g', 1LL << 30}, {'m', 1LL << 20}, {'k', 1LL << 10}, {'b', 1}};

}  // namespace

std::optional<Bytes> parse_limit(std::string_view text, std::int64_t unit) {
    constexpr char to_lower = 'a' - 'A';
    if (text.empty()) return {};
    for (const auto& [letter, bytes] : units) {
        if (text.back() != letter && text.back() != letter - to_lower) continue;
        text.remove_suffix(1);
        unit = bytes;
        break;
    }
    std::int64_t number = 0;
    const char* const end = text.data() + text.size();
    const auto [stop, failure] = std::from_chars(text.data(), end, number);
    if (failure != std::errc{} || stop != end || number < 0) return {};
    if (number > std::numeric_limits<std::int64_t>::max() / unit) return {};
    return Bytes{.count = number * unit, .is_limit = true};
}

std::string limit_text(std::int64_t bytes) {
    for (const auto& [letter, size] : units)
        if (bytes >= size && bytes % size == 0) return std::to_string(bytes / size) + letter;
    return std::to_string(bytes) + "b";
}

}  // namespace value
