// One lock a service, one lock an app: flock, close-on-exec, service before app, services in C
// order.
#pragma once

#include <functional>
#include <optional>
#include <string>
#include <vector>

#include "service/service.h"

namespace service {

/// Holds a lock while it lives. Waits for it; after 5 seconds says once on stderr what it waits
/// for. `after_signal` is called when a signal came meanwhile and may throw, which ends the wait.
class Lock {
public:
    enum class Of { service, app };
    Lock(const Site& site, Of kind, const std::string& name,
         const std::function<void()>& after_signal = {});
    /// The lock when nobody holds it just now, without waiting.
    static std::optional<Lock> at_once(const Site& site, Of kind, const std::string& name);
    ~Lock();
    Lock(Lock&& other) noexcept;
    Lock& operator=(Lock&&) = delete;

private:
    explicit Lock(int descriptor) : descriptor_(descriptor) {}
    int descriptor_ = -1;
};

/// Whose locks have a file, held or not.
std::vector<std::string> locked_names(const Site& site, Lock::Of kind);
/// Removes a lock's file for good; the caller holds the lock, and who waits for it takes a new one.
void forget_lock(const Site& site, Lock::Of kind, const std::string& name);

}  // namespace service
