// Cancelling by SIGINT, SIGTERM or SIGHUP, for work that has to be undone.
#include "process/cancellation.h"

#include <cstddef>
#include <iterator>
#include <utility>

namespace process {

namespace {

constexpr int watched[] = {SIGINT, SIGTERM, SIGHUP};
volatile std::sig_atomic_t signals = 0;  // that came since the outermost Cancellation was made
int depth = 0;                           // how many live

void count(int /*signal*/) { signals = signals + 1; }

// The exception of the current DeferredCancellation, and how many signals had come when it was
// created.
std::exception_ptr deferred;
int signals_before_deferred = 0;

}  // namespace

Cancellation::Cancellation() {
    if (depth++ == 0) signals = 0;
    for (std::size_t i = 0; i < std::size(watched); ++i) {
        struct sigaction action = {};
        action.sa_handler = count;  // no SA_RESTART: a read that waits must come back
        ::sigaction(watched[i], &action, &before_[i]);
        if (before_[i].sa_handler == SIG_IGN) ::sigaction(watched[i], &before_[i], nullptr);
    }
}

Cancellation::~Cancellation() {
    for (std::size_t i = 0; i < std::size(watched); ++i)
        ::sigaction(watched[i], &before_[i], nullptr);
    if (--depth == 0) signals = 0;
}

DeferredCancellation::DeferredCancellation(std::exception_ptr at_second_signal)
    : before_(std::exchange(deferred, std::move(at_second_signal))),
      signals_before_(std::exchange(signals_before_deferred, signals)) {}

DeferredCancellation::~DeferredCancellation() {
    deferred = std::move(before_);
    signals_before_deferred = signals_before_;
}

void check_cancelled() {
    if (deferred) {
        if (signals - signals_before_deferred > 1) std::rethrow_exception(deferred);
    } else if (signals > 0) {
        throw Cancelled{"interrupted"};
    }
}

}  // namespace process
