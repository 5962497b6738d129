// Waiting for several programs and pipes at once.
#include "process/wait.h"

#include <poll.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <cerrno>

namespace process {

namespace {

constexpr std::chrono::milliseconds silence{1000};

bool any_running(const std::vector<Child*>& children) {
    return std::any_of(children.begin(), children.end(),
                       [](const Child* c) { return c->running(); });
}

bool any_open(const std::vector<Collector*>& collectors) {
    return std::any_of(collectors.begin(), collectors.end(),
                       [](const Collector* c) { return c->open(); });
}

// What poll is to look at.
std::vector<pollfd> ends_of(const WaitSet& watched) {
    std::vector<pollfd> ends;
    const auto add = [&](int descriptor, short events) {
        if (descriptor != -1) ends.push_back({.fd = descriptor, .events = events, .revents = 0});
    };
    add(watched.readable, POLLIN);
    add(watched.writable, POLLOUT);
    for (const Collector* one : watched.collectors) add(one->get(), POLLIN);
    for (const Child* one : watched.children) {
        if (one->running()) add(one->handle(), POLLIN);
    }
    return ends;
}

// The timeout for poll in milliseconds, -1 for none: until the time limit of the first child.
int timeout_of(const WaitSet& watched, std::optional<std::chrono::milliseconds> most) {
    for (const Child* one : watched.children) {
        if (const auto wait = one->patience()) most = most ? std::min(*most, *wait) : *wait;
    }
    return most ? static_cast<int>(most->count()) : -1;
}

}  // namespace

Descriptor Collector::begin() {
    Pipe pipe;
    end_ = std::move(pipe.read);
    make_nonblocking(end_);
    return std::move(pipe.write);
}

bool Collector::take() {
    std::array<char, 65536> block;
    bool taken = false;
    while (open()) {
        const auto count = ::read(get(), block.data(), block.size());
        if (count == -1 && errno == EINTR) continue;
        if (count == -1 && errno == EAGAIN) break;
        if (count <= 0) {
            close();
            break;
        }
        taken = true;
        if (heard_) heard_({block.data(), static_cast<std::size_t>(count)});
        text_.append(block.data(), static_cast<std::size_t>(count));
        if (keep_ != 0 && text_.size() > 4 * keep_) text_.erase(0, text_.size() - keep_);
    }
    return taken;
}

std::string Collector::text() {
    if (keep_ != 0 && text_.size() > keep_) text_.erase(0, text_.size() - keep_);
    return std::move(text_);
}

WaitResult wait_once(const WaitSet& watched, std::optional<std::chrono::milliseconds> most) {
    auto ends = ends_of(watched);
    const int ready = ::poll(ends.data(), ends.size(), timeout_of(watched, most));

    WaitResult seen;
    seen.interrupted = ready == -1 && errno == EINTR;
    if (ready > 0) {
        for (const pollfd& end : ends) {
            if (end.revents == 0) continue;
            if (end.fd == watched.readable) seen.readable = true;
            if (end.fd == watched.writable) seen.writable = true;
        }
    }
    for (Collector* one : watched.collectors) seen.collected |= one->take();
    for (Child* one : watched.children) one->tick();
    return seen;
}

void wait_for_end(const WaitSet& watched) {
    while (any_running(watched.children)) wait_once(watched);
    const auto stopped = [](const Child* child) { return child->timed_out(); };
    if (std::any_of(watched.children.begin(), watched.children.end(), stopped)) {
        for (Collector* one : watched.collectors) one->take();
        return;
    }
    using Clock = std::chrono::steady_clock;
    auto last = Clock::now();
    while (any_open(watched.collectors)) {
        const auto quiet =
            std::chrono::duration_cast<std::chrono::milliseconds>(Clock::now() - last);
        if (quiet >= silence) break;
        if (wait_once(watched, silence - quiet).collected) last = Clock::now();
    }
}

}  // namespace process
