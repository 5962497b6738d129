// Waiting for several programs and pipes at once.
#pragma once

#include <chrono>
#include <functional>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "process/child.h"

namespace process {

/// How much of a standard error is kept where a whole one could fill the memory.
inline constexpr std::size_t tail_size = 64UL * 1024UL;

/// The end of a pipe that collects what a program prints.
class Collector {
public:
    /// Keeps the last `keep` bytes, 0: all.
    explicit Collector(std::size_t keep = 0) : keep_(keep) {}

    /// The end to give to the program; our own is ready for reading. Called once.
    Descriptor begin();
    /// Called with all that comes, when it comes.
    void hear(std::function<void(std::string_view)> heard) { heard_ = std::move(heard); }
    bool open() const { return end_.open(); }
    int get() const { return end_.get(); }
    /// Takes what is there without waiting; closes at the end. True when there was something.
    bool take();
    void close() { end_.close(); }
    /// What came, cut to size.
    std::string text();

private:
    Descriptor end_;
    std::size_t keep_;
    std::string text_;
    std::function<void(std::string_view)> heard_;
};

/// What a wait looks at.
struct Watched {
    std::vector<Child*> children = {};
    std::vector<Collector*> collectors = {};
    int readable = -1;  // one more descriptor to be read by the caller
    int writable = -1;  // one more descriptor to be written by the caller
};

/// What a wait saw.
struct Seen {
    bool collected = false;
    bool readable = false;
    bool writable = false;
    bool interrupted = false;  // by a signal
};

/// Waits until something happens, at most `most`; collects what was printed and notices ends and
/// limits.
Seen wait_once(const Watched& watched, std::optional<std::chrono::milliseconds> most = {});

/// Waits for the end of all programs and of what they print. A daemon that one of them left behind
/// may hold a pipe open: after the last end, a second of silence is the end as well.
void wait_for_end(const Watched& watched);

}  // namespace process
