// Sizes and times as people read them.
#include "cli/units.h"

#include <array>
#include <cstdio>
#include <string_view>

namespace cli {

std::string size_text(std::uint64_t bytes) {
    constexpr std::array<std::string_view, 5> units = {"B", "kB", "MB", "GB", "TB"};
    auto value = static_cast<double>(bytes);
    std::size_t unit = 0;
    for (; value >= 999.95 && unit + 1 < units.size(); ++unit) value /= 1000;
    std::array<char, 32> text;
    const int digits = unit < 2 || value >= 99.95 ? 0 : 1;
    const int length = std::snprintf(text.data(), text.size(), "%.*f ", digits, value);
    return std::string(text.data(), static_cast<std::size_t>(length)) + std::string(units[unit]);
}

std::string time_text(std::uint64_t seconds) {
    constexpr std::uint64_t minute = 60;
    constexpr std::uint64_t day = 24 * minute * minute;
    std::string days;
    if (seconds >= day) days = std::to_string(seconds / day) + " d ";
    seconds %= day;
    std::array<char, 48> text;
    const auto hours = static_cast<unsigned>(seconds / minute / minute);
    const auto minutes = static_cast<unsigned>(seconds / minute % minute);
    const auto rest = static_cast<unsigned>(seconds % minute);
    const int length =
        hours > 0 || !days.empty()
            ? std::snprintf(text.data(), text.size(), "%u:%02u:%02u", hours, minutes, rest)
            : std::snprintf(text.data(), text.size(), "%u:%02u", minutes, rest);
    return days + std::string(text.data(), static_cast<std::size_t>(length));
}

std::string moment_text(std::chrono::sys_seconds moment, char between) {
    const auto day = std::chrono::floor<std::chrono::days>(moment);
    const std::chrono::year_month_day date{day};
    const std::chrono::hh_mm_ss time{moment - day};
    std::array<char, 64> text;
    const int length = std::snprintf(
        text.data(), text.size(), "%04d-%02u-%02u%c%02d:%02d:%02d", static_cast<int>(date.year()),
        static_cast<unsigned>(date.month()), static_cast<unsigned>(date.day()), between,
        static_cast<int>(time.hours().count()), static_cast<int>(time.minutes().count()),
        static_cast<int>(time.seconds().count()));
    return {text.data(), static_cast<std::size_t>(length)};
}

std::string done_text(std::uint64_t bytes, std::chrono::milliseconds took) {
    constexpr std::int64_t tenth = 100;
    constexpr std::int64_t told_in_tenths = 1000;
    const std::int64_t tenths = (took.count() + tenth / 2) / tenth;
    const std::string time =
        tenths < told_in_tenths
            ? std::to_string(tenths / 10) + "." + std::to_string(tenths % 10) + " s"
            : time_text(static_cast<std::uint64_t>(tenths / 10));
    return size_text(bytes) + " in " + time;
}

}  // namespace cli
