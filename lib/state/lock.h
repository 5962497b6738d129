// Locks by name: flock, close-on-exec. A service has two, one of its record and one of its server,
// an app has one; taken in the order server, service, app, services in C order.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "host/environment.h"

namespace state {

/// Holds a lock while it lives. Waits for it; after 5 seconds says once on stderr what it waits
/// for. A signal meanwhile ends the wait where a process::Cancellation lives.
class Lock {
public:
    /// A server's is held by who works in its databases for long, so that nobody takes it away
    /// meanwhile, and by who does that; what changes the record alone does not wait for it.
    enum class Of { server, service, app };
    Lock(const host::Environment& environment, Of kind, const std::string& name);
    /// The lock when nobody holds it just now, without waiting.
    static std::optional<Lock> at_once(const host::Environment& environment, Of kind,
                                       const std::string& name);
    ~Lock();
    Lock(Lock&& other) noexcept;
    Lock& operator=(Lock&&) = delete;

private:
    explicit Lock(int descriptor) : descriptor_(descriptor) {}
    int descriptor_ = -1;
};

/// Whose locks have a file, held or not.
std::vector<std::string> locked_names(const host::Environment& environment, Lock::Of kind);
/// Removes a lock's file for good; the caller holds the lock, and who waits for it takes a new one.
void forget_lock(const host::Environment& environment, Lock::Of kind, const std::string& name);

}  // namespace state
