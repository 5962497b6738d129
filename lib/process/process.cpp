// Running other programs: to their end, on given descriptors, as a pipeline, or with a pipe to or
// from us.
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
// The container of a service may print anything. What goes beyond this limit is dropped, so that it
// cannot fill our memory.
constexpr std::size_t most_output = 64UL * 1024 * 1024;
constexpr int wide_pipe = 1024 * 1024;

// Ignores SIGPIPE, so that write() fails if the reader is gone instead of ending our process.
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

// A larger pipe needs fewer system calls for gigabytes. If the kernel refuses, it keeps its usual
// size.
void widen(const Descriptor& pipe) { ::fcntl(pipe.get(), F_SETPIPE_SZ, wide_pipe); }

// Calls a function at an interval. If the function throws, the programs are ended.
class PeriodicCall {
public:
    explicit PeriodicCall(std::function<void()> watch = {}, std::chrono::milliseconds every = pulse)
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

PeriodicCall periodic_call(const Relay& bytes, const ByteCallback& passing,
                           std::chrono::milliseconds every) {
    return PeriodicCall{[&] {
                            if (passing) passing(bytes.passed());
                        },
                        every};
}

// Copies until the pipe ends. If the target reads no more, the pipe is closed, so that the source
// ends too.
void relay(Relay& bytes, const WaitSet& watched, const ByteCallback& passing,
           std::chrono::milliseconds every) {
    const WithoutSigpipe guard;
    PeriodicCall beating = periodic_call(bytes, passing, every);
    const auto wait = [&](int readable, int writable) {
        WaitSet both = watched;
        both.readable = readable;
        both.writable = writable;
        const WaitResult seen = wait_once(both, every);
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
    ExecImage image{command};
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

Result run_to(const Command& command, int out, const ByteCallback& passing) {
    Collector err{tail_size};
    Collector none;
    Descriptor err_end = err.begin();
    Pipe pipe;
    widen(pipe.write);
    Child child{command, {.in = -1, .out = pipe.write.get(), .err = err_end.get()}};
    pipe.write.close();
    err_end.close();
    const WaitSet watched{.children = {&child}, .collectors = {&err}};
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
                                    const ByteCallback& passing, std::chrono::milliseconds every) {
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
    const WaitSet watched{.children = {&from, &to}, .collectors = {&source_err, &target_err}};
    Relay bytes{std::move(first.read), second.write.get()};
    try {
        relay(bytes, watched, passing, every);
    } catch (const std::system_error&) {
        bytes.close();  // the target's own error says why
    }
    second.write.close();
    // The target may work long after the end of its input.
    PeriodicCall beating = periodic_call(bytes, passing, every);
    while (to.running()) {
        const WaitResult seen = wait_once(watched, every);
        beating.beat(seen.interrupted, watched.children);
    }
    wait_for_end(watched);
    return {result_of(from, none, source_err), result_of(to, none, target_err)};
}

namespace {

// A child process with a pipe to or from us.
struct PipedChild {
    Collector err{tail_size};
    Descriptor pipe;  // our end
    std::unique_ptr<Child> child;
    PeriodicCall watching;

    WaitSet all() { return {.children = {child.get()}, .collectors = {&err}}; }

    void wait(const WaitSet& watched) {
        const WaitResult seen = wait_once(watched, watching.every());
        watching.beat(seen.interrupted, {child.get()});
    }

    Result finish() {
        pipe.close();
        while (child->running()) wait(all());
        wait_for_end(all());
        Collector none;
        return result_of(*child, none, err);
    }
};

}  // namespace

struct Feed::State : PipedChild {
    void wait_to_write() {
        WaitSet watched = all();
        watched.writable = pipe.get();
        wait(watched);
    }
};

Feed::Feed(const Command& command) : state_(std::make_unique<State>()) {
    Descriptor err_end = state_->err.begin();
    Pipe pipe;
    widen(pipe.write);
    state_->child = std::make_unique<Child>(
        command, Streams{.in = pipe.read.get(), .out = -1, .err = err_end.get()});
    make_nonblocking(pipe.write);
    state_->pipe = std::move(pipe.write);
}

Feed::~Feed() = default;

bool Feed::write(std::string_view bytes) {
    const WithoutSigpipe guard;
    while (!bytes.empty()) {
        if (!state_->pipe.open() || !state_->child->running()) return false;
        const auto written = ::write(state_->pipe.get(), bytes.data(), bytes.size());
        if (written >= 0) {
            bytes.remove_prefix(static_cast<std::size_t>(written));
        } else if (errno == EAGAIN) {
            state_->wait_to_write();
        } else if (errno != EINTR) {
            state_->pipe.close();
            return false;
        }
    }
    return true;
}

void Feed::watch(std::function<void()> watch, std::chrono::milliseconds every) {
    state_->watching = PeriodicCall{std::move(watch), every};
}

void Feed::on_output(std::function<void(std::string_view)> heard) {
    state_->err.on_output(std::move(heard));
}

bool Feed::listen(std::chrono::milliseconds most) {
    const WaitResult seen = wait_once(state_->all(), most);
    state_->watching.beat(seen.interrupted, {state_->child.get()});
    return state_->child->running();
}

Result Feed::finish() { return state_->finish(); }

// The program ends before its input is closed: it could take the end of the input for the end of
// the data.
void Feed::kill() {
    state_->child->end();
    state_->pipe.close();
}

struct Drain::State : PipedChild {
    void wait_to_read() {
        WaitSet watched = all();
        watched.readable = pipe.get();
        wait(watched);
    }
};

Drain::Drain(const Command& command, int in) : state_(std::make_unique<State>()) {
    Descriptor err_end = state_->err.begin();
    Pipe pipe;
    widen(pipe.write);
    state_->child = std::make_unique<Child>(
        command, Streams{.in = in, .out = pipe.write.get(), .err = err_end.get()});
    make_nonblocking(pipe.read);
    state_->pipe = std::move(pipe.read);
}

Drain::~Drain() = default;

std::size_t Drain::read(char* buffer, std::size_t size) {
    while (state_->pipe.open()) {
        const auto count = ::read(state_->pipe.get(), buffer, size);
        if (count > 0) return static_cast<std::size_t>(count);
        if (count == -1 && errno == EINTR) continue;
        const bool over = state_->child->timed_out() && !state_->child->running();
        if (count == -1 && errno == EAGAIN && !over) {
            state_->wait_to_read();
            continue;
        }
        state_->pipe.close();
    }
    return 0;
}

void Drain::watch(std::function<void()> watch, std::chrono::milliseconds every) {
    state_->watching = PeriodicCall{std::move(watch), every};
}

Result Drain::finish() { return state_->finish(); }

}  // namespace process
