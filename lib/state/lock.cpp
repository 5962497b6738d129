// Locks by flock, one file each. The kernel releases a lock when its process ends.

#include "state/lock.h"

#include <fcntl.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>
#include <condition_variable>
#include <cstring>
#include <filesystem>
#include <mutex>
#include <thread>

#include "error/error.h"
#include "host/log.h"
#include "process/cancellation.h"
#include "state/files.h"

namespace state {

namespace fs = std::filesystem;

namespace {

Error failure(const fs::path& path) {
    return Error{"cannot lock '" + path.string() + "': " + std::strerror(errno)};
}

std::string word_of(Lock::Of kind) {
    if (kind == Lock::Of::server) return "server";
    return kind == Lock::Of::service ? "service" : "app";
}

// A server has the name of its service.
std::string shown(Lock::Of kind, const std::string& name) {
    return (kind == Lock::Of::app ? "app '" : "service '") + name + "'";
}

fs::path path_of(const host::Environment& environment, Lock::Of kind, const std::string& name) {
    if (name.empty() || name.find('/') != std::string::npos) {
        throw std::logic_error("a lock on '" + name + "'");
    }
    return environment.data / "locks" / (word_of(kind) + "-" + name);
}

int open_lock(const fs::path& path) {
    const int descriptor = ::open(path.c_str(), O_RDWR | O_CREAT | O_NOFOLLOW | O_CLOEXEC, 0600);
    if (descriptor < 0) throw failure(path);
    // A hook run by root may create the file first. The dokku user must be able to open it later.
    struct stat folder {};
    if (::geteuid() == 0 && ::stat(path.parent_path().c_str(), &folder) == 0 &&
        ::fchown(descriptor, folder.st_uid, folder.st_gid) != 0) {
        ::close(descriptor);
        throw failure(path);
    }
    return descriptor;
}

// Destroying a service removes its lock file, so the file that we have open may be unlinked by now.
bool is_linked_file(int descriptor, const fs::path& path) {
    struct stat held {};
    struct stat named {};
    return ::fstat(descriptor, &held) == 0 && ::stat(path.c_str(), &named) == 0 &&
           held.st_ino == named.st_ino && held.st_dev == named.st_dev;
}

void wait_for(int descriptor, const fs::path& path, const std::string& what) {
    std::mutex mutex;
    std::condition_variable_any ended;
    std::jthread voice([&](const std::stop_token& stop) {
        std::unique_lock guard(mutex);
        if (!ended.wait_for(guard, stop, std::chrono::seconds(5),
                            [&] { return stop.stop_requested(); })) {
            host::warn("waiting for another command on " + what);
        }
    });
    while (::flock(descriptor, LOCK_EX) != 0) {
        if (errno != EINTR) throw failure(path);
        process::check_cancelled();
    }
}

}  // namespace

Lock::Lock(const host::Environment& environment, Of kind, const std::string& name) {
    const fs::path path = path_of(environment, kind, name);
    make_folder(path.parent_path(), 0700);
    for (;;) {
        descriptor_ = open_lock(path);
        try {
            if (::flock(descriptor_, LOCK_EX | LOCK_NB) != 0) {
                wait_for(descriptor_, path, shown(kind, name));
            }
        } catch (...) {
            ::close(descriptor_);
            throw;
        }
        if (is_linked_file(descriptor_, path)) return;
        ::close(descriptor_);
    }
}

std::optional<Lock> Lock::at_once(const host::Environment& environment, Of kind,
                                  const std::string& name) {
    const fs::path path = path_of(environment, kind, name);
    Lock lock(open_lock(path));
    if (::flock(lock.descriptor_, LOCK_EX | LOCK_NB) != 0 ||
        !is_linked_file(lock.descriptor_, path))
        return {};
    return lock;
}

std::vector<std::string> locked_names(const host::Environment& environment, Lock::Of kind) {
    const std::string prefix = word_of(kind) + "-";
    std::vector<std::string> names;
    std::error_code missing;
    for (const auto& entry : fs::directory_iterator(environment.data / "locks", missing)) {
        const std::string file = entry.path().filename().string();
        if (file.starts_with(prefix)) names.push_back(file.substr(prefix.size()));
    }
    return names;
}

void forget_lock(const host::Environment& environment, Lock::Of kind, const std::string& name) {
    remove_file(path_of(environment, kind, name));
}

Lock::~Lock() {
    if (descriptor_ >= 0) ::close(descriptor_);
}

Lock::Lock(Lock&& other) noexcept : descriptor_(other.descriptor_) { other.descriptor_ = -1; }

}  // namespace state
