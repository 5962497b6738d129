// Progress of long work: one line that is drawn again on a terminal, a line every ten seconds
// elsewhere when it was asked for.
#include "cli/progress.h"

#include <algorithm>
#include <array>
#include <cstdio>
#include <string_view>
#include <utility>

namespace cli {

namespace {

using std::chrono::milliseconds;
constexpr milliseconds between_drawings{1000};
constexpr milliseconds between_lines{10000};
constexpr std::string_view clear_line = "\r\x1b[K";

void draw(const std::string& text) {
    static_cast<void>(std::fwrite(text.data(), 1, text.size(), stderr));
    static_cast<void>(std::fflush(stderr));
}

// Powers of 1000, as disks and networks are counted.
std::string size_of(std::uint64_t bytes) {
    constexpr std::array<std::string_view, 5> units = {"B", "kB", "MB", "GB", "TB"};
    auto value = static_cast<double>(bytes);
    std::size_t unit = 0;
    for (; value >= 999.95 && unit + 1 < units.size(); ++unit) value /= 1000;
    std::array<char, 32> text;
    const int digits = unit < 2 || value >= 99.95 ? 0 : 1;
    const int length = std::snprintf(text.data(), text.size(), "%.*f ", digits, value);
    return std::string(text.data(), static_cast<std::size_t>(length)) + std::string(units[unit]);
}

std::string time_of(std::uint64_t seconds) {
    constexpr std::uint64_t minute = 60;
    std::array<char, 48> text;
    const auto hours = static_cast<unsigned long long>(seconds / minute / minute);
    const auto minutes = static_cast<unsigned>(seconds / minute % minute);
    const auto rest = static_cast<unsigned>(seconds % minute);
    const int length =
        hours > 0 ? std::snprintf(text.data(), text.size(), "%llu:%02u:%02u", hours, minutes, rest)
                  : std::snprintf(text.data(), text.size(), "%u:%02u", minutes, rest);
    return {text.data(), static_cast<std::size_t>(length)};
}

}  // namespace

Show show_progress(bool quiet, bool wanted, bool terminal) {
    if (quiet) return Show::nothing;
    if (terminal) return Show::drawn;
    return wanted ? Show::lines : Show::nothing;
}

std::string progress_line(std::uint64_t done, std::optional<std::uint64_t> all,
                          milliseconds since) {
    constexpr double thousand = 1000;
    std::string line = size_of(done);
    const double rate = since.count() > 0 ? static_cast<double>(done) * thousand /
                                                static_cast<double>(since.count())
                                          : 0;
    if (all) line += " of " + size_of(*all);
    if (rate > 0) line += ", " + size_of(static_cast<std::uint64_t>(rate)) + "/s";
    if (!all || *all == 0) return line;
    const std::uint64_t left = *all - std::min(done, *all);
    line += ", " + std::to_string((*all - left) * 100 / *all) + "%";
    if (left > 0 && rate > 0)
        line += ", " + time_of(static_cast<std::uint64_t>(static_cast<double>(left) / rate) + 1) +
                " left";
    return line;
}

Progress::Progress(Show show, std::function<Clock::time_point()> now, Write write)
    : show_(show),
      now_(std::move(now)),
      write_(write ? std::move(write) : Write{draw}),
      begun_(now_()),
      shown_(begun_) {}

Progress::~Progress() {
    if (drawn_) write_(std::string(clear_line));
}

void Progress::operator()(std::uint64_t done, std::optional<std::uint64_t> all) {
    if (show_ == Show::nothing) return;
    const auto now = now_();
    const bool is_drawn = show_ == Show::drawn;
    if (now - shown_ < (is_drawn ? between_drawings : between_lines)) return;
    shown_ = now;
    const std::string line =
        "       " +
        progress_line(done, all, std::chrono::duration_cast<milliseconds>(now - begun_));
    write_(is_drawn ? std::string(clear_line) + line : line + "\n");
    drawn_ = is_drawn;
}

}  // namespace cli
