// The server's side of work on data that ends early.
#pragma once

#include "transfer/session.h"

namespace transfer {

/// Ends the sessions of a Session's tools when it goes out of sight, unless the work is done by
/// then: a tool whose client is gone works on in the container, because the engine takes its bytes
/// and drops them. Made before the tools are started; not longer-lived than the Session.
class SessionTerminator {
public:
    explicit SessionTerminator(const Session& session) : session_(session) {}
    ~SessionTerminator();
    SessionTerminator(const SessionTerminator&) = delete;
    SessionTerminator& operator=(const SessionTerminator&) = delete;

    /// The tools came to their end by themselves.
    void done() { done_ = true; }

private:
    const Session& session_;
    bool done_ = false;
};

}  // namespace transfer
