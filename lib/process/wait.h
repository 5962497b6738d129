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

/// How many bytes of a standard error are kept where all of it could fill the memory.
inline constexpr std::size_t tail_size = 64UL * 1024UL;

/// Collects what a program prints to a pipe.
class Collector {
public:
    /// Keeps the last `keep` bytes, 0: all.
    explicit Collector(std::size_t keep = 0) : keep_(keep) {}

    /// Opens the pipe and returns the end for the program. Called once. Throws Error.
    Descriptor begin();
    /// Sets a function that gets the bytes as they arrive.
    void on_output(std::function<void(std::string_view)> heard) { heard_ = std::move(heard); }
    /// Whether the pipe is open.
    bool open() const { return end_.open(); }
    /// The descriptor of our end.
    int get() const { return end_.get(); }
    /// Reads what the pipe holds without waiting, and closes it at its end. True if there was
    /// something.
    bool take();
    /// Closes our end.
    void close() { end_.close(); }
    /// The bytes that were kept.
    std::string text();

private:
    Descriptor end_;
    std::size_t keep_;
    std::string text_;
    std::function<void(std::string_view)> heard_;
};

/// What a wait looks at.
struct WaitSet {
    std::vector<Child*> children = {};
    std::vector<Collector*> collectors = {};
    int readable = -1;  // one more descriptor to be read by the caller
    int writable = -1;  // one more descriptor to be written by the caller
};

/// What a wait saw.
struct WaitResult {
    bool collected = false;
    bool readable = false;
    bool writable = false;
    bool interrupted = false;  // by a signal
};

/// Waits until something happens, at most this long. Reads what was printed and calls tick() for
/// the children.
WaitResult wait_once(const WaitSet& watched, std::optional<std::chrono::milliseconds> most = {});

/// Waits until all programs have ended and all they print was read. A daemon that one of them
/// started may keep a pipe open: after the last program has ended, the wait is over after one
/// second without output.
void wait_for_end(const WaitSet& watched);

}  // namespace process
