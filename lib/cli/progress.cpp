// Progress of long work: on a terminal one line that is redrawn, elsewhere a line every ten seconds
// if --progress was given.
#include "cli/progress.h"

#include <algorithm>
#include <cstdio>
#include <string_view>
#include <utility>

#include "cli/units.h"

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

}  // namespace

ProgressMode progress_mode(bool quiet, bool wanted, bool terminal) {
    if (quiet) return ProgressMode::nothing;
    if (terminal) return ProgressMode::drawn;
    return wanted ? ProgressMode::lines : ProgressMode::nothing;
}

std::string progress_line(std::uint64_t done, std::optional<std::uint64_t> all,
                          milliseconds since) {
    constexpr double thousand = 1000;
    std::string line = size_text(done);
    const double rate = since.count() > 0 ? static_cast<double>(done) * thousand /
                                                static_cast<double>(since.count())
                                          : 0;
    if (all) line += " of " + size_text(*all);
    if (rate > 0) line += ", " + size_text(static_cast<std::uint64_t>(rate)) + "/s";
    if (!all || *all == 0) return line;
    const std::uint64_t left = *all - std::min(done, *all);
    line += ", " + std::to_string((*all - left) * 100 / *all) + "%";
    if (left > 0 && rate > 0)
        line += ", " + time_text(static_cast<std::uint64_t>(static_cast<double>(left) / rate) + 1) +
                " left";
    return line;
}

Progress::Progress(ProgressMode mode, std::function<Clock::time_point()> now, Write write)
    : mode_(mode),
      now_(std::move(now)),
      write_(write ? std::move(write) : Write{draw}),
      begun_(now_()),
      shown_(begun_) {}

Progress::~Progress() {
    if (drawn_) write_(std::string(clear_line));
}

void Progress::operator()(std::uint64_t done, std::optional<std::uint64_t> all) {
    if (mode_ == ProgressMode::nothing) return;
    const auto now = now_();
    const bool is_drawn = mode_ == ProgressMode::drawn;
    if (now - shown_ < (is_drawn ? between_drawings : between_lines)) return;
    shown_ = now;
    const std::string line =
        "       " +
        progress_line(done, all, std::chrono::duration_cast<milliseconds>(now - begun_));
    write_(is_drawn ? std::string(clear_line) + line : line + "\n");
    drawn_ = is_drawn;
}

}  // namespace cli
