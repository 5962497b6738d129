// One child process: its descriptors, its time limit, its end.
#pragma once

#include <sys/types.h>

#include <chrono>
#include <optional>
#include <string>
#include <vector>

#include "process/process.h"

namespace process {

/// A descriptor, closed by the destructor.
class Descriptor {
public:
    Descriptor() = default;
    explicit Descriptor(int number) : number_(number) {}
    ~Descriptor() { close(); }
    Descriptor(Descriptor&& other) noexcept : number_(other.release()) {}
    Descriptor& operator=(Descriptor&& other) noexcept;
    Descriptor(const Descriptor&) = delete;
    Descriptor& operator=(const Descriptor&) = delete;

    /// The number of the descriptor, -1 if there is none.
    int get() const { return number_; }
    /// Whether there is one.
    bool open() const { return number_ != -1; }
    /// Gives the descriptor to the caller.
    int release();
    /// Closes it, if it is open.
    void close();

private:
    int number_ = -1;
};

/// Both ends of a pipe, close-on-exec. Throws Error.
struct Pipe {
    Pipe();
    Descriptor read;
    Descriptor write;
};

/// Sets O_NONBLOCK.
void make_nonblocking(const Descriptor& descriptor);

/// The arguments of execve: the program looked up in PATH, the words checked, all allocated before
/// the fork. Throws Error.
class ExecImage {
public:
    explicit ExecImage(const Command& command);
    /// The program's file.
    const char* path() const { return path_.c_str(); }
    /// The arguments, for execve.
    char* const* argv() const { return argv_.data(); }
    /// The environment, for execve.
    char** environment() { return environment_.data(); }
    /// The working directory, nullptr for ours.
    const char* directory() const { return directory_.empty() ? nullptr : directory_.c_str(); }

private:
    std::string path_;
    std::string directory_;
    std::vector<std::string> words_;
    std::vector<std::string> variables_;
    std::vector<char*> argv_;
    std::vector<char*> environment_;
};

/// Calls the function that observe() has set.
void announce(const Command& command);
/// An unnamed file with the bytes of Command::input; closed if there are none. Throws Error.
Descriptor input_of(const Command& command);
/// Puts the three standard streams in place and marks all other descriptors close-on-exec. It runs
/// between fork and execve, so it allocates nothing. False, with errno, if one of them is not open.
bool take_streams(const Streams& streams);
/// Resets the signals that we may ignore to their default, and unblocks all.
void default_signals();

/// A child process. The destructor ends it.
class Child {
public:
    /// Starts a program on these descriptors, which stay open here. Throws Error.
    Child(const Command& command, const Streams& streams);
    ~Child() { end(); }
    Child(const Child&) = delete;
    Child& operator=(const Child&) = delete;

    /// Whether its end was not noticed yet.
    bool running() const { return !status_.has_value(); }
    /// The exit code, or 128 + the signal; after its end only.
    int status() const { return status_.value_or(0); }
    /// Whether it was ended because its time was over.
    bool timed_out() const { return timed_out_; }
    /// A pidfd, readable after its end; -1 if the kernel has none.
    int handle() const { return handle_.get(); }
    /// How long a caller may wait before it must call tick(); nothing: until the process ends.
    std::optional<std::chrono::milliseconds> patience() const;
    /// Takes its exit code if it has ended, and kills it if its time is over. Never waits.
    void tick();
    /// Ends it: SIGTERM, two seconds later SIGKILL.
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
