// Progress of long work: on a terminal one line that is redrawn, elsewhere a line every ten seconds
// if --progress was given.
#pragma once

#include <chrono>
#include <cstdint>
#include <functional>
#include <optional>
#include <string>

namespace cli {

/// How progress is shown.
enum class ProgressMode { nothing, drawn, lines };

/// How to show progress: drawn on a terminal, elsewhere as lines if they are `wanted` (--progress),
/// not at all if quiet.
ProgressMode progress_mode(bool quiet, bool wanted, bool terminal);

/// A line of progress: `1.2 GB`, with rate, percentage and time left as far as they are known.
std::string progress_line(std::uint64_t done, std::optional<std::uint64_t> all,
                          std::chrono::milliseconds since);

/// Shows on stderr how many bytes have passed. It may be called often; it prints only at intervals.
class Progress {
public:
    using Clock = std::chrono::steady_clock;
    using Write = std::function<void(const std::string&)>;
    explicit Progress(ProgressMode mode, std::function<Clock::time_point()> now = Clock::now,
                      Write write = {});
    /// Clears the drawn line.
    ~Progress();
    Progress(const Progress&) = delete;
    Progress& operator=(const Progress&) = delete;

    /// Shows `done` bytes of `all`, if that is known.
    void operator()(std::uint64_t done, std::optional<std::uint64_t> all);

private:
    ProgressMode mode_;
    std::function<Clock::time_point()> now_;
    Write write_;
    Clock::time_point begun_;
    Clock::time_point shown_;
    bool drawn_ = false;
};

}  // namespace cli
