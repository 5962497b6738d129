// Locks by name (flock, close-on-exec). A service has two, one for its record and one for its
// server; an app has one. Take them in this order: server, service, app; several services in C
// order.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "host/environment.h"

namespace state {

/// Holds a lock for its lifetime. The constructor waits for the lock, and after 5 seconds prints
/// once on stderr what it waits for. If a process::Cancellation exists, a signal ends the wait.
/// Throws Error.
class Lock {
public:
    /// The server's lock is held by long work in the databases, and by commands that stop the
    /// server or replace its database. A command that changes only the record does not wait for it.
    enum class Of { server, service, app };
    Lock(const host::Environment& environment, Of kind, const std::string& name);
    /// Takes the lock if it is free; nothing if it is held. Does not wait.
    static std::optional<Lock> at_once(const host::Environment& environment, Of kind,
                                       const std::string& name);
    ~Lock();
    Lock(Lock&& other) noexcept;
    Lock& operator=(Lock&&) = delete;

private:
    explicit Lock(int descriptor) : descriptor_(descriptor) {}
    int descriptor_ = -1;
};

/// The names of all locks of a kind that have a file, held or not.
std::vector<std::string> locked_names(const host::Environment& environment, Lock::Of kind);
/// Removes a lock's file. The caller holds the lock; a process that waits for it then creates a new
/// file.
void forget_lock(const host::Environment& environment, Lock::Of kind, const std::string& name);

}  // namespace state
