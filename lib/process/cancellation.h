// Ctrl-C, SIGTERM and a hang-up during work that has to be undone.
#pragma once

#include <csignal>
#include <exception>

#include "error/error.h"

namespace process {

/// What check_cancelled throws.
struct Cancelled : Error {
    using Error::Error;
};

/// While it lives, SIGINT, SIGTERM and SIGHUP end the process only where check_cancelled() is
/// called, so that the work is undone. A signal that is ignored (nohup) stays ignored. One inside
/// another changes nothing.
class Cancellation {
public:
    Cancellation();
    ~Cancellation();
    Cancellation(const Cancellation&) = delete;
    Cancellation& operator=(const Cancellation&) = delete;

private:
    struct sigaction before_[3] = {};
};

/// While it lives the first signal cancels nothing, and the second makes check_cancelled throw this
/// exception instead: for the answer to a commit, without which nobody knows what became of it.
class DeferredCancellation {
public:
    explicit DeferredCancellation(std::exception_ptr at_second_signal);
    ~DeferredCancellation();
    DeferredCancellation(const DeferredCancellation&) = delete;
    DeferredCancellation& operator=(const DeferredCancellation&) = delete;

private:
    std::exception_ptr before_;
    int signals_before_;
};

/// Throws Cancelled once a signal came while a Cancellation lives; nothing otherwise.
void check_cancelled();

}  // namespace process
