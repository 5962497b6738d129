// Running other programs: arguments as given, no shell, no descriptor leaked, every exit told.
#pragma once

#include <chrono>
#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace process {

/// A program to run. The first word is looked up in PATH unless it holds a slash.
struct Command {
    std::vector<std::string> argv;
    /// Changes to our own environment: a value to set, or nothing to remove the variable.
    std::vector<std::pair<std::string, std::optional<std::string>>> environment = {};
    /// Bytes for its standard input; without them it reads from /dev/null.
    std::optional<std::string> input = {};
    /// Killed (SIGTERM, then SIGKILL two seconds later) when it runs longer.
    std::optional<std::chrono::milliseconds> limit = {};
    /// Its working directory; ours when empty.
    std::string directory = {};
    /// Its standard error goes the way of its standard output, so that run() keeps their order in
    /// `out`.
    bool merged = false;
};

/// How a program ended: its exit code, or 128 + the signal that killed it.
struct Result {
    int status = 0;
    std::string out = {};
    std::string err = {};
    bool timed_out = false;
    bool ok() const { return status == 0 && !timed_out; }
};

/// Runs a program to its end and returns what it printed. Throws Error when it cannot be started.
Result run(const Command& command);

/// The descriptors a program is given as they are; -1 is /dev/null.
struct Streams {
    int in = 0;
    int out = 1;
    int err = 2;
};

/// Runs a program on the given descriptors and returns its exit code (128 + signal when killed).
int run_on(const Command& command, const Streams& streams);

/// Replaces this process by the program; returns never, throws Error when it cannot be started.
[[noreturn]] void replace_by(const Command& command);

/// Told how many bytes have passed so far: every second, or as often as was asked for, until the
/// programs have ended, at once after a signal, and at the end of the bytes. It may throw, which
/// ends the programs.
using Passing = std::function<void(std::uint64_t bytes)>;

/// Runs a program whose standard output passes through us to a descriptor; its standard error (the
/// last 64 KiB) is in the result. Throws Error when the descriptor cannot be written.
Result run_to(const Command& command, int out, const Passing& passing = {});

/// Writes all of it to a descriptor that stays the caller's; `while_waiting` is called while
/// it takes none, and when a signal came, and may throw. Throws Error when the descriptor cannot be
/// written.
void write_to(int out, std::string_view bytes, const std::function<void()>& while_waiting = {});

/// Runs `source | target`, the bytes passing through us; both results, with their standard error
/// (its last 64 KiB).
std::pair<Result, Result> run_piped(const Command& source, const Command& target,
                                    const Passing& passing = {},
                                    std::chrono::milliseconds every = std::chrono::seconds{1});

/// A running program whose standard input we write, whose standard output is dropped and whose
/// standard error is kept (its last 64 KiB).
class Feed {
public:
    explicit Feed(const Command& command);
    ~Feed();  // ends the program if it still runs
    Feed(const Feed&) = delete;
    Feed& operator=(const Feed&) = delete;

    /// Hands over bytes; false when the program reads no more.
    bool write(std::string_view bytes);
    /// Called so often, and at once after a signal, while we wait for the program in write() and
    /// finish(); it may throw, which ends the program.
    void watch(std::function<void()> watch,
               std::chrono::milliseconds every = std::chrono::seconds{1});
    /// Called with what comes on its standard error, when it comes.
    void hear(std::function<void(std::string_view)> heard);
    /// Waits so long for something to come there; false when the program has ended.
    bool listen(std::chrono::milliseconds most);
    /// Closes its input and waits for its end.
    Result finish();
    /// Ends it at once (SIGTERM, then SIGKILL) and waits.
    void kill();

private:
    struct State;
    std::unique_ptr<State> state_;
};

/// A running program whose standard output we read; standard error is kept (its last 64 KiB).
class Drain {
public:
    explicit Drain(const Command& command, int in = -1);
    ~Drain();  // ends the program if it still runs
    Drain(const Drain&) = delete;
    Drain& operator=(const Drain&) = delete;
    /// Reads up to `size` bytes into `buffer`; 0 at the end.
    std::size_t read(char* buffer, std::size_t size);
    /// Called so often, and at once after a signal, while we wait for the program in read() and
    /// finish(); it may throw, which ends the program.
    void watch(std::function<void()> watch, std::chrono::milliseconds every);
    /// Waits for its end.
    Result finish();

private:
    struct State;
    std::unique_ptr<State> state_;
};

/// Told of every program that is about to be started (its argv); set once by whoever traces.
void observe(std::function<void(const std::vector<std::string>&)> told);

}  // namespace process
