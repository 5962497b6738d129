// The work of the install and update hooks as root: folders, owners, the place for our properties.
#include "host/setup.h"

#include <dirent.h>
#include <fcntl.h>
#include <grp.h>
#include <pwd.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <cstring>
#include <optional>

#include "error/error.h"
#include "host/child_environment.h"
#include "host/log.h"
#include "process/process.h"

namespace host {

namespace {

namespace fs = std::filesystem;

struct Owner {
    uid_t user;
    gid_t group;
};

std::optional<Owner> owner(const Environment& environment) {
    const passwd* user = getpwnam(environment.system_user.c_str());
    if (user == nullptr) return std::nullopt;
    const group* group = getgrnam(environment.system_group.c_str());
    return Owner{user->pw_uid, group == nullptr ? user->pw_gid : group->gr_gid};
}

std::string reason() { return std::strerror(errno); }

// An open folder, closed by the destructor. A link is not followed.
class OpenFolder {
public:
    OpenFolder(int in, const char* name)
        : descriptor_(openat(in, name, O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC)) {}
    ~OpenFolder() {
        if (is_open()) close(descriptor_);
    }
    OpenFolder(const OpenFolder&) = delete;
    OpenFolder& operator=(const OpenFolder&) = delete;

    bool is_open() const { return descriptor_ >= 0; }
    int descriptor() const { return descriptor_; }

private:
    int descriptor_;
};

// Relative to an open folder, so that nobody can swap a part of the path while root walks it.
bool give(int folder, const char* name, const Owner& to) {
    struct stat now {};
    if (fstatat(folder, name, &now, AT_SYMLINK_NOFOLLOW) != 0) return false;
    if (now.st_uid == to.user && now.st_gid == to.group) return true;
    return geteuid() == 0 && fchownat(folder, name, to.user, to.group, AT_SYMLINK_NOFOLLOW) == 0;
}

std::vector<std::string> entries(const OpenFolder& folder) {
    std::vector<std::string> found;
    const int own_descriptor = fcntl(folder.descriptor(), F_DUPFD_CLOEXEC, 0);
    DIR* const list = own_descriptor < 0 ? nullptr : fdopendir(own_descriptor);
    if (list == nullptr) {
        if (own_descriptor >= 0) close(own_descriptor);
        return found;
    }
    while (const dirent* entry = readdir(list)) {
        const std::string name = entry->d_name;
        if (name != "." && name != "..") found.push_back(name);
    }
    closedir(list);
    return found;
}

// NOLINTNEXTLINE(misc-no-recursion): as deep as the tree
bool give_below(const OpenFolder& folder, const Owner& to, const std::vector<std::string>& except) {
    bool all = true;
    for (const auto& name : entries(folder)) {
        if (std::find(except.begin(), except.end(), name) != except.end()) continue;
        struct stat now {};
        if (fstatat(folder.descriptor(), name.c_str(), &now, AT_SYMLINK_NOFOLLOW) != 0) continue;
        if (S_ISDIR(now.st_mode)) {
            const OpenFolder below{folder.descriptor(), name.c_str()};
            if (below.is_open()) all = give_below(below, to, {}) && all;
        }
        if (now.st_uid == 0) all = give(folder.descriptor(), name.c_str(), to) && all;
    }
    return all;
}

}  // namespace

void make_folder(const Environment& environment, const fs::path& folder, mode_t mode) {
    fs::path at;
    for (const auto& part : folder) {
        at /= part;
        if (at.empty() || fs::exists(at)) continue;
        if (mkdir(at.c_str(), 0755) != 0 && errno != EEXIST) {
            throw Error{"cannot make the folder '" + at.string() + "': " + reason()};
        }
        give_to_dokku(environment, at);
    }
    const OpenFolder made{AT_FDCWD, folder.c_str()};
    if (!made.is_open()) {
        const std::string why = reason();
        if (fs::is_symlink(folder) && fs::is_directory(folder)) return;
        throw Error{"'" + folder.string() + "' is not a folder that we can use: " + why};
    }
    give_to_dokku(environment, folder);
    struct stat now {};
    if (fstat(made.descriptor(), &now) != 0 || (now.st_mode & 07777U) == mode) return;
    if (fchmod(made.descriptor(), mode) != 0) {
        throw Error{"cannot set the mode of '" + folder.string() + "': " + reason()};
    }
}

bool give_to_dokku(const Environment& environment, const fs::path& path) {
    const auto to = owner(environment);
    return to && give(AT_FDCWD, path.c_str(), *to);
}

bool give_all_to_dokku(const Environment& environment, const fs::path& folder,
                       const std::vector<std::string>& except) {
    const auto to = owner(environment);
    const OpenFolder top{AT_FDCWD, folder.c_str()};
    if (!to || !top.is_open()) return false;
    const bool all = give_below(top, *to, except);
    struct stat now {};
    if (fstat(top.descriptor(), &now) != 0) return false;
    if (now.st_uid != 0 || (to->user == 0 && now.st_gid == to->group)) return all;
    return geteuid() == 0 && fchown(top.descriptor(), to->user, to->group) == 0 && all;
}

void setup_properties(const Environment& environment) {
    process::Command command{
        .argv = {environment.core_available / "common" / "prop", "setup", "postgres"},
        .environment = child_environment(environment)};
    command.directory = "/";
    const auto result = process::run(command);
    if (!result.ok()) {
        throw Error{"cannot make the place for the properties of this plugin",
                    "Dokku says: " + printable(result.err)};
    }
}

}  // namespace host
