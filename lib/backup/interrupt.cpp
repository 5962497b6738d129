// Ctrl-C and a hang-up during work on data: undone by us, not left behind.
#include "backup/interrupt.h"

#include <cstddef>

#include "pg/connection.h"

namespace backup {

namespace {

constexpr int watched[] = {SIGINT, SIGTERM, SIGHUP};
volatile std::sig_atomic_t caught = 0;

void remember(int signal) { caught = signal; }

}  // namespace

Interrupt::Interrupt() {
    caught = 0;
    pg::after_signal(check);
    for (std::size_t i = 0; i < std::size(watched); ++i) {
        struct sigaction action = {};
        action.sa_handler = remember;  // no SA_RESTART: a read that waits must come back
        ::sigaction(watched[i], &action, &before_[i]);
        if (before_[i].sa_handler == SIG_IGN) ::sigaction(watched[i], &before_[i], nullptr);
    }
}

Interrupt::~Interrupt() {
    pg::after_signal({});
    for (std::size_t i = 0; i < std::size(watched); ++i)
        ::sigaction(watched[i], &before_[i], nullptr);
}

void Interrupt::check() {
    if (caught != 0) throw Interrupted{"interrupted"};
}

}  // namespace backup
