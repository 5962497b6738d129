// Running other programs: to their end, on given descriptors, one into another, fed or drained by
// us.
#include "process/process.h"

#include <fcntl.h>
#include <unistd.h>

#include <cerrno>
#include <csignal>
#include <cstdio>
#include <system_error>

#include "error/error.h"
#include "process/child.h"
#include "process/relay.h"
#include "process/wait.h"

namespace process {

namespace {

using Clock = std::chrono::steady_clock;
constexpr std::chrono::milliseconds pulse{1000};
// What a program of a stranger's container prints does not take all memory; the rest is cut off.
constexpr std::size_t most_output = 64UL * 1024 * 1024;
constexpr int wide_pipe = 1024 * 1024;

// A reader that went away is an answer of write(), not our death.
class WithoutSigpipe {
public:
    WithoutSigpipe() {
        struct sigaction ignore {};
        ignore.sa_handler = SIG_IGN;
        ::sigaction(SIGPIPE, &ignore, &before_);
    }
    ~WithoutSigpipe() { ::sigaction(SIGPIPE, &before_, nullptr); }
    WithoutSigpipe(const WithoutSigpipe&) = delete;
    WithoutSigpipe& operator=(const WithoutSigpipe&) = delete;

private:
    struct sigaction before_ {};
};

// Fewer turns for a stream of gigabytes; a kernel that refuses leaves the usual size.
void widen(const Descriptor& pipe) { ::fcntl(pipe.get(), F_SETPIPE_SZ, wide_pipe); }

// Somebody who wants to know about every second how it goes, and may put an end to it.
class Pulse {
public:
    explicit Pulse(std::function<void()> watch = {}, std::chrono::milliseconds every = pulse)
        : watch_(std::move(watch)), every_(every) {}

    std::chrono::milliseconds every() const { return every_; }

    void beat(bool at_once, const std::vector<Child*>& children) {
        const auto now = Clock::now();
        if (!watch_ || (!at_once && now - last_ < every_)) return;
        last_ = now;
        try {
            watch_();
        } catch (...) {
            for (Child* child : children) child->end();
            throw;
        }
    }

private:
    std::function<void()> watch_;
    std::chrono::milliseconds every_;
    Clock::time_point last_ = Clock::now();
};

Pulse pulse_of(const Relay& bytes, const Passing& passing, std::chrono::milliseconds every) {
    return Pulse{[&] {
                     if (passing) passing(bytes.passed());
                 },
                 every};
}

// Until the pipe ends. A target that reads no more is told to the source by a pipe that is closed.
void relay(Relay& bytes, const Watched& watched, const Passing& passing,
           std::chrono::milliseconds every) {
    const WithoutSigpipe guard;
    Pulse beating = pulse_of(bytes, passing, every);
    const auto wait = [&](int readable, int writable) {
        Watched both = watched;
        both.readable = readable;
        both.writable = writable;
        const Seen seen = wait_once(both, every);
        beating.beat(seen.interrupted, watched.children);
        return seen.readable || seen.writable;
    };
    while (true) {
        while (!wait(bytes.from(), -1)) continue;
        while (!wait(-1, bytes.to())) continue;
        if (!bytes.move()) break;
    }
    bytes.close();
    beating.beat(true, watched.children);
}

Error output_failure(const std::error_code& code) {
    return Error{"the output cannot be written: " + code.message()};
}

Result result_of(const Child& child, Collector& out, Collector& err) {
    return {.status = child.status(),
            .out = out.text(),
            .err = err.text(),
            .timed_out = child.timed_out()};
}

}  // namespace

Result run(const Command& command) {
    Collector out{most_output};
    Collector err;
    Descriptor out_end = out.begin();
    Descriptor err_end = command.merged ? Descriptor{} : err.begin();
    Child child{command, {.in = -1, .out = out_end.get(), .err = err_end.get()}};
    out_end.close();
    err_end.close();
    wait_for_end({.children = {&child}, .collectors = {&out, &err}});
    return result_of(child, out, err);
}

int run_on(const Command& command, const Streams& streams) {
    Child child{command, streams};
    wait_for_end({.children = {&child}});
    return child.status();
}

void replace_by(const Command& command) {
    Image image{command};
    announce(command);
    std::fflush(nullptr);
    if (image.directory() != nullptr && ::chdir(image.directory()) == -1) {
        throw Error{"cannot run '" + command.argv.front() + "': no folder '" + command.directory +
                    "'"};
    }
    const Descriptor input = input_of(command);
    default_signals();
    if (take_streams(
            {.in = input.open() ? input.get() : 0, .out = 1, .err = command.merged ? 1 : 2})) {
        ::execve(image.path(), image.argv(), image.environment());
    }
    throw Error{"cannot run '" + command.argv.front() +
                "': " + std::generic_category().message(errno)};
}

Result run_to(const Command& command, int out, const Passing& passing) {
    Collector err{tail_size};
    Collector none;
    Descriptor err_end = err.begin();
    Pipe pipe;
    widen(pipe.write);
    Child child{command, {.in = -1, .out = pipe.write.get(), .err = err_end.get()}};
    pipe.write.close();
    err_end.close();
    const Watched watched{.children = {&child}, .collectors = {&err}};
    Relay bytes{std::move(pipe.read), out};
    try {
        relay(bytes, watched, passing, pulse);
    } catch (const std::system_error& failure) {
        throw output_failure(failure.code());
    }
    wait_for_end(watched);
    return result_of(child, none, err);
}

void write_to(int out, std::string_view bytes, const std::function<void()>& while_waiting) {
    const WithoutSigpipe guard;
    while (!bytes.empty()) {
        const auto written = ::write(out, bytes.data(), bytes.size());
        if (written >= 0) {
            bytes.remove_prefix(static_cast<std::size_t>(written));
        } else if (errno == EAGAIN) {
            wait_once({.writable = out}, pulse);
        } else if (errno != EINTR) {
            throw output_failure({errno, std::generic_category()});
        }
        if (written == -1 && while_waiting) while_waiting();
    }
}

std::pair<Result, Result> run_piped(const Command& source, const Command& target,
                                    const Passing& passing, std::chrono::milliseconds every) {
    Collector source_err{tail_size};
    Collector target_err{tail_size};
    Collector none;
    Descriptor source_end = source_err.begin();
    Descriptor target_end = target_err.begin();
    Pipe first;
    Pipe second;
    widen(first.write);
    widen(second.write);
    Child from{source, {.in = -1, .out = first.write.get(), .err = source_end.get()}};
    first.write.close();
    source_end.close();
    Child to{target, {.in = second.read.get(), .out = -1, .err = target_end.get()}};
    second.read.close();
    target_end.close();
    const Watched watched{.children = {&from, &to}, .collectors = {&source_err, &target_err}};
    Relay bytes{std::move(first.read), second.write.get()};
    try {
        relay(bytes, watched, passing, every);
    } catch (const std::system_error&) {
        bytes.close();  // the target says why it ended
    }
    second.write.close();
    // The target's work may go on for long after its input.
    Pulse beating = pulse_of(bytes, passing, every);
    while (to.running()) {
        const Seen seen = wait_once(watched, every);
        beating.beat(seen.interrupted, watched.children);
    }
    wait_for_end(watched);
    return {result_of(from, none, source_err), result_of(to, none, target_err)};
}

struct Feed::State {
    Collector err{tail_size};
    Descriptor in;
    std::unique_ptr<Child> child;
    Pulse watching;

    Watched both(int writable) {
        return {.children = {child.get()}, .collectors = {&err}, .writable = writable};
    }

    void wait(int writable) {
        const Seen seen = wait_once(both(writable), watching.every());
        watching.beat(seen.interrupted, {child.get()});
    }
};

Feed::Feed(const Command& command) : state_(std::make_unique<State>()) {
    Descriptor err_end = state_->err.begin();
    Pipe pipe;
    widen(pipe.write);
    state_->child = std::make_unique<Child>(
        command, Streams{.in = pipe.read.get(), .out = -1, .err = err_end.get()});
    make_nonblocking(pipe.write);
    state_->in = std::move(pipe.write);
}

Feed::~Feed() = default;

bool Feed::write(std::string_view bytes) {
    const WithoutSigpipe guard;
    while (!bytes.empty()) {
        if (!state_->in.open() || !state_->child->running()) return false;
        const auto written = ::write(state_->in.get(), bytes.data(), bytes.size());
        if (written >= 0) {
            bytes.remove_prefix(static_cast<std::size_t>(written));
        } else if (errno == EAGAIN) {
            state_->wait(state_->in.get());
        } else if (errno != EINTR) {
            state_->in.close();
            return false;
        }
    }
    return true;
}

void Feed::watch(std::function<void()> watch, std::chrono::milliseconds every) {
    state_->watching = Pulse{std::move(watch), every};
}

void Feed::hear(std::function<void(std::string_view)> heard) { state_->err.hear(std::move(heard)); }

bool Feed::listen(std::chrono::milliseconds most) {
    const Seen seen = wait_once(state_->both(-1), most);
    state_->watching.beat(seen.interrupted, {state_->child.get()});
    return state_->child->running();
}

Result Feed::finish() {
    state_->in.close();
    while (state_->child->running()) state_->wait(-1);
    wait_for_end(state_->both(-1));
    Collector none;
    return result_of(*state_->child, none, state_->err);
}

// Ended before its input is: an end of the input could look like the whole of it.
void Feed::kill() {
    state_->child->end();
    state_->in.close();
}

struct Drain::State {
    Collector err{tail_size};
    Descriptor out;
    std::unique_ptr<Child> child;
    Pulse watching;

    Watched both(int readable) {
        return {.children = {child.get()}, .collectors = {&err}, .readable = readable};
    }

    void wait(int readable) {
        const Seen seen = wait_once(both(readable), watching.every());
        watching.beat(seen.interrupted, {child.get()});
    }
};

Drain::Drain(const Command& command, int in) : state_(std::make_unique<State>()) {
    Descriptor err_end = state_->err.begin();
    Pipe pipe;
    widen(pipe.write);
    state_->child = std::make_unique<Child>(
        command, Streams{.in = in, .out = pipe.write.get(), .err = err_end.get()});
    make_nonblocking(pipe.read);
    state_->out = std::move(pipe.read);
}

Drain::~Drain() = default;

std::size_t Drain::read(char* buffer, std::size_t size) {
    while (state_->out.open()) {
        const auto count = ::read(state_->out.get(), buffer, size);
        if (count > 0) return static_cast<std::size_t>(count);
        if (count == -1 && errno == EINTR) continue;
        const bool over = state_->child->timed_out() && !state_->child->running();
        if (count == -1 && errno == EAGAIN && !over) {
            state_->wait(state_->out.get());
            continue;
        }
        state_->out.close();
    }
    return 0;
}

void Drain::watch(std::function<void()> watch, std::chrono::milliseconds every) {
    state_->watching = Pulse{std::move(watch), every};
}

Result Drain::finish() {
    state_->out.close();
    while (state_->child->running()) state_->wait(-1);
    wait_for_end(state_->both(-1));
    Collector none;
    return result_of(*state_->child, none, state_->err);
}

}  // namespace process
