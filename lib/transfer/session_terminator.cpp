// Ends a tool's sessions on the server if work on data ends early.
#include "transfer/session_terminator.h"

#include <chrono>
#include <thread>

#include "host/log.h"
#include "pg/databases.h"

namespace transfer {

namespace {

using Clock = std::chrono::steady_clock;
constexpr std::chrono::milliseconds pause{20};
// A tool that was just started may not have logged in yet.
constexpr std::chrono::milliseconds silence{300};
constexpr std::chrono::seconds patience{10};

bool end_sessions(const Session& session) {
    auto server = session.beside();
    const auto begin = Clock::now();
    // If all tools have ended, none can log in any more.
    const auto wanted = session.has_tools_at_work() ? silence : std::chrono::milliseconds{0};
    auto last_seen = begin;
    while (true) {
        const auto now = Clock::now();
        if (pg::terminate_application(server, session.application()) > 0) {
            last_seen = now;
        } else if (now - last_seen >= wanted) {
            return true;
        }
        if (now - begin > patience) return false;
        std::this_thread::sleep_for(pause);
    }
}

}  // namespace

SessionTerminator::~SessionTerminator() {
    if (done_) return;
    try {
        if (!end_sessions(session_)) {
            host::warn("sessions of service '" + session_.service().name +
                       "' with the application_name " + session_.application() + " do not end");
        }
    } catch (const Error& error) {
        host::debug(error.what());  // a server that does not answer has no sessions either
    }
}

}  // namespace transfer
