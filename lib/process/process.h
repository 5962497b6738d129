// Running other programs: without a shell, without inherited descriptors, with their exit codes.
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
    /// Changes to our environment: a value sets the variable, nothing removes it.
    std::vector<std::pair<std::string, std::optional<std::string>>> environment = {};
    /// Bytes for its standard input; nothing: /dev/null.
    std::optional<std::string> input = {};
    /// The program is killed after this time (SIGTERM, two seconds later SIGKILL).
    std::optional<std::chrono::milliseconds> limit = {};
    /// Its working directory; ours when empty.
    std::string directory = {};
    /// Standard error goes to the same pipe as standard output, so that `out` has both in order.
    bool merged = false;
};

/// How a program ended: its exit code, or 128 + the signal that killed it.
struct Result {
    int status = 0;
    std::string out = {};
    std::string err = {};
    bool timed_out = false;
    /// Whether it exited with 0 in time.
    bool ok() const { return status == 0 && !timed_out; }
};

/// Runs a program to its end and returns what it printed. Throws Error when it cannot be started.
Result run(const Command& command);

/// The descriptors that a program gets as its standard streams; -1 is /dev/null.
struct Streams {
    int in = 0;
    int out = 1;
    int err = 2;
};

/// Runs a program on these descriptors and returns its exit code, 128 + the signal if it was
/// killed. Throws Error if it cannot be started.
int run_on(const Command& command, const Streams& streams);

/// Replaces this process by the program. Throws Error if it cannot be started.
[[noreturn]] void replace_by(const Command& command);

/// Called with the number of bytes that have passed: every second or at another interval until the
/// programs have ended, at once after a signal, and at the end of the bytes. If it throws, the
/// programs are ended.
using ByteCallback = std::function<void(std::uint64_t bytes)>;

/// Runs a program and passes its standard output to a descriptor. The result has the last 64 KiB of
/// its standard error. Throws Error if the program cannot be started or the descriptor cannot be
/// written.
Result run_to(const Command& command, int out, const ByteCallback& passing = {});

/// Writes all bytes to a descriptor, which stays open. `while_waiting` is called while the
/// descriptor accepts nothing and after a signal; it may throw. Throws Error if the descriptor
/// cannot be written.
void write_to(int out, std::string_view bytes, const std::function<void()>& while_waiting = {});

/// Runs `source | target`, passing the bytes through this process. Returns both results, with the
/// last 64 KiB of each standard error. Throws Error if one cannot be started.
std::pair<Result, Result> run_piped(const Command& source, const Command& target,
                                    const ByteCallback& passing = {},
                                    std::chrono::milliseconds every = std::chrono::seconds{1});

/// A running program whose standard input we write. Its standard output is dropped, and the last 64
/// KiB of its standard error are kept.
class Feed {
public:
    explicit Feed(const Command& command);
    ~Feed();  // ends the program if it still runs
    Feed(const Feed&) = delete;
    Feed& operator=(const Feed&) = delete;

    /// Writes bytes; false if the program has closed its input.
    bool write(std::string_view bytes);
    /// Sets a function that write() and finish() call while they wait: at this interval, and at once
    /// after a signal. If it throws, the program is ended.
    void watch(std::function<void()> watch,
               std::chrono::milliseconds every = std::chrono::seconds{1});
    /// Sets a function that gets the bytes of its standard error as they arrive.
    void on_output(std::function<void(std::string_view)> heard);
    /// Waits for output on its standard error, at most this long; false if the program has ended.
    bool listen(std::chrono::milliseconds most);
    /// Closes its input and waits until it has ended.
    Result finish();
    /// Ends it at once (SIGTERM, then SIGKILL) and waits.
    void kill();

private:
    struct State;
    std::unique_ptr<State> state_;
};

/// A running program whose standard output we read. The last 64 KiB of its standard error are kept.
class Drain {
public:
    explicit Drain(const Command& command, int in = -1);
    ~Drain();  // ends the program if it still runs
    Drain(const Drain&) = delete;
    Drain& operator=(const Drain&) = delete;
    /// Reads up to `size` bytes into `buffer`; 0 at the end.
    std::size_t read(char* buffer, std::size_t size);
    /// Sets a function that read() and finish() call while they wait: at this interval, and at once
    /// after a signal. If it throws, the program is ended.
    void watch(std::function<void()> watch, std::chrono::milliseconds every);
    /// Waits until it has ended.
    Result finish();

private:
    struct State;
    std::unique_ptr<State> state_;
};

/// Sets a function that gets the argv of every program before it is started, for tracing.
void observe(std::function<void(const std::vector<std::string>&)> told);

}  // namespace process
