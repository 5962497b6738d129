// What the install and update hooks do as root: folders, owners, the place for our properties.
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
#include <memory>
#include <optional>

#include "error/error.h"
#include "host/children.h"
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

// Relative to an open folder, so that nobody can swap a part of the path while root walks it.
bool give(int folder, const char* name, const Owner& to) {
    struct stat now {};
    if (fstatat(folder, name, &now, AT_SYMLINK_NOFOLLOW) != 0) return false;
    if (now.st_uid == to.user && now.st_gid == to.group) return true;
    return geteuid() == 0 && fchownat(folder, name, to.user, to.group, AT_SYMLINK_NOFOLLOW) == 0;
}

// The entries of an open folder, which it closes.
std::vector<std::string> entries(int folder) {
    std::vector<std::string> found;
    DIR* const list = fdopendir(folder);
    if (list == nullptr) {
        close(folder);
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
bool give_below(int folder, const Owner& to, const std::vector<std::string>& except) {
    bool all = true;
    for (const auto& name : entries(dup(folder))) {
        if (std::find(except.begin(), except.end(), name) != except.end()) continue;
        struct stat now {};
        if (fstatat(folder, name.c_str(), &now, AT_SYMLINK_NOFOLLOW) != 0) continue;
        if (S_ISDIR(now.st_mode)) {
            const int below =
                openat(folder, name.c_str(), O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC);
            if (below >= 0) {
                all = give_below(below, to, {}) && all;
                close(below);
            }
        }
        if (now.st_uid == 0) all = give(folder, name.c_str(), to) && all;
    }
    return all;
}

}  // namespace

void make_folder(const Environment& environment, const fs::path& folder, mode_t mode) {
    std::vector<fs::path> missing;
    for (fs::path at = folder; !at.empty() && !fs::exists(at); at = at.parent_path()) {
        missing.push_back(at);
    }
    for (auto at = missing.rbegin(); at != missing.rend(); ++at) {
        if (mkdir(at->c_str(), 0755) != 0 && errno != EEXIST) {
            throw Error{"cannot make the folder '" + at->string() + "': " + reason()};
        }
        own(environment, *at);
    }
    const int open_folder = open(folder.c_str(), O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC);
    if (open_folder < 0) {
        if (fs::is_symlink(folder) && fs::is_directory(folder)) return;
        throw Error{"'" + folder.string() + "' is not a folder that we can use: " + reason()};
    }
    const std::unique_ptr<const int, void (*)(const int*)> closer{
        &open_folder, [](const int* descriptor) { close(*descriptor); }};
    own(environment, folder);
    struct stat now {};
    if (fstat(open_folder, &now) != 0 || (now.st_mode & 07777U) == mode) return;
    if (fchmod(open_folder, mode) != 0) {
        throw Error{"cannot set the mode of '" + folder.string() + "': " + reason()};
    }
}

bool own(const Environment& environment, const fs::path& path) {
    const auto to = owner(environment);
    return to && give(AT_FDCWD, path.c_str(), *to);
}

bool own_all(const Environment& environment, const fs::path& folder,
             const std::vector<std::string>& except) {
    const auto to = owner(environment);
    const int top = open(folder.c_str(), O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC);
    if (!to || top < 0) {
        if (top >= 0) close(top);
        return false;
    }
    bool all = give_below(top, *to, except);
    struct stat now {};
    if (fstat(top, &now) == 0 && now.st_uid == 0) {
        all = geteuid() == 0 && fchown(top, to->user, to->group) == 0 && all;
    }
    close(top);
    return all;
}

void setup_properties(const Environment& environment) {
    process::Command command{
        .argv = {environment.core_available / "common" / "prop", "setup", "postgres"},
        .environment = children(environment)};
    command.directory = "/";
    const auto result = process::run(command);
    if (!result.ok()) {
        throw Error{"cannot make the place for the properties of this plugin",
                    "Dokku says: " + printable(result.err)};
    }
}

}  // namespace host
