// One started program: its descriptors, its limit, its end.
#pragma once

#include <sys/types.h>

#include <chrono>
#include <optional>
#include <string>
#include <vector>

#include "process/process.h"

namespace process {

/// A descriptor that is closed when it goes out of sight.
class Descriptor {
public:
    Descriptor() = default;
    explicit Descriptor(int number) : number_(number) {}
    ~Descriptor() { close(); }
    Descriptor(Descriptor&& other) noexcept : number_(other.release()) {}
    Descriptor& operator=(Descriptor&& other) noexcept;
    Descriptor(const Descriptor&) = delete;
    Descriptor& operator=(const Descriptor&) = delete;

    int get() const { return number_; }
    bool open() const { return number_ != -1; }
    int release();
    void close();

private:
    int number_ = -1;
};

/// Both ends of a pipe that no program inherits by accident.
struct Pipe {
    Pipe();
    Descriptor read;
    Descriptor write;
};

/// Lets reads or writes on it return at once.
void make_nonblocking(const Descriptor& descriptor);

/// What execve takes: looked up, checked, and laid out before there is a second process.
class Image {
public:
    explicit Image(const Command& command);
    const char* path() const { return path_.c_str(); }
    char* const* argv() const { return argv_.data(); }
    char** environment() { return environment_.data(); }
    const char* directory() const { return directory_.empty() ? nullptr : directory_.c_str(); }

private:
    std::string path_;
    std::string directory_;
    std::vector<std::string> words_;
    std::vector<std::string> variables_;
    std::vector<char*> argv_;
    std::vector<char*> environment_;
};

/// Tells the observer what is about to be started.
void announce(const Command& command);
/// The bytes of Command::input as a file of no name, -1 when there are none.
Descriptor input_of(const Command& command);
/// Puts the three streams in place and leaves nothing else open; between fork and execve, so it
/// allocates nothing. False with errno when one is not open. -1 is /dev/null.
bool take_streams(const Streams& streams);
/// Gives the signals that we may ignore for ourselves their meaning again and lets all through.
void default_signals();

/// A running program; ended when it goes out of sight.
class Child {
public:
    /// Starts it on these descriptors, which stay the caller's.
    Child(const Command& command, const Streams& streams);
    ~Child() { end(); }
    Child(const Child&) = delete;
    Child& operator=(const Child&) = delete;

    bool running() const { return !status_.has_value(); }
    /// The exit code, or 128 + the signal; after its end only.
    int status() const { return status_.value_or(0); }
    bool timed_out() const { return timed_out_; }
    /// Becomes readable at its end; -1 on kernels without such a thing.
    int handle() const { return handle_.get(); }
    /// How long a wait for it may last until tick() has something to do.
    std::optional<std::chrono::milliseconds> patience() const;
    /// Notices its end, and ends it when its time is over; never waits.
    void tick();
    /// Ends it: SIGTERM, SIGKILL two seconds later.
    void end();

private:
    using Clock = std::chrono::steady_clock;
    void terminate();

    pid_t pid_ = -1;
    Descriptor handle_;
    std::optional<int> status_;
    std::optional<Clock::time_point> deadline_;
    std::optional<Clock::time_point> kill_at_;
    bool killed_ = false;
    bool timed_out_ = false;
};

}  // namespace process
