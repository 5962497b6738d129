// Cancelling by SIGINT, SIGTERM or SIGHUP, for work that has to be undone.
#pragma once

#include <csignal>
#include <exception>

#include "error/error.h"

namespace process {

/// Thrown by check_cancelled().
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

/// During its lifetime the first signal does nothing, and after the second check_cancelled() throws
/// this exception. For the wait for the answer to a COMMIT: without it, nobody knows whether it was
/// committed.
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

/// Throws Cancelled if a signal has come during the lifetime of a Cancellation.
void check_cancelled();

}  // namespace process
