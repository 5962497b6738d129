// Progress of long work: one line that is drawn again on a terminal, a line every ten seconds
// elsewhere when it was asked for.
#pragma once

#include <chrono>
#include <cstdint>
#include <functional>
#include <optional>
#include <string>

namespace cli {

/// How progress is shown.
enum class Show { nothing, drawn, lines };

/// Drawn on a terminal; elsewhere lines where they are `wanted` (--progress); nothing when quiet.
Show show_progress(bool quiet, bool wanted, bool terminal);

/// One line of it: `1.2 GB`, and rate, share and time left as far as they are known.
std::string progress_line(std::uint64_t done, std::optional<std::uint64_t> all,
                          std::chrono::milliseconds since);

/// Shows on standard error how many bytes have passed. Called often; what is too early is not
/// shown.
class Progress {
public:
    using Clock = std::chrono::steady_clock;
    using Write = std::function<void(const std::string&)>;
    explicit Progress(Show show, std::function<Clock::time_point()> now = Clock::now,
                      Write write = {});
    /// Leaves the cursor at the beginning of an empty line.
    ~Progress();
    Progress(const Progress&) = delete;
    Progress& operator=(const Progress&) = delete;

    void operator()(std::uint64_t done, std::optional<std::uint64_t> all);

private:
    Show show_;
    std::function<Clock::time_point()> now_;
    Write write_;
    Clock::time_point begun_;
    Clock::time_point shown_;
    bool drawn_ = false;
};

}  // namespace cli
