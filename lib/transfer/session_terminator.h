// Ends a tool's sessions on the server if work on data ends early.
#pragma once

#include "transfer/session.h"

namespace transfer {

/// The destructor ends the sessions of a Session's tools unless done() was called. A tool whose
/// client is gone goes on in the container, because the engine reads its output and drops it.
/// Create it before the tools are started; the Session must outlive it.
class SessionTerminator {
public:
    explicit SessionTerminator(const Session& session) : session_(session) {}
    ~SessionTerminator();
    SessionTerminator(const SessionTerminator&) = delete;
    SessionTerminator& operator=(const SessionTerminator&) = delete;

    /// The tools have ended by themselves.
    void done() { done_ = true; }

private:
    const Session& session_;
    bool done_ = false;
};

}  // namespace transfer
