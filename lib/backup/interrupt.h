// Ctrl-C and a hang-up during work on data: undone by us, not left behind.
#pragma once

#include <csignal>

#include "error/error.h"

namespace backup {

/// What check throws.
struct Interrupted : Error {
    using Error::Error;
};

/// While it lives, SIGINT, SIGTERM and SIGHUP end the process only where check() is called, so that
/// destructors run. A signal that is ignored (nohup) stays ignored.
class Interrupt {
public:
    Interrupt();
    ~Interrupt();
    Interrupt(const Interrupt&) = delete;
    Interrupt& operator=(const Interrupt&) = delete;

    /// Throws Interrupted once such a signal came.
    static void check();

private:
    struct sigaction before_[3] = {};
};

}  // namespace backup
