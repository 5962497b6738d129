// Taking away what a service leaves.

#include "server/cleanup.h"

#include <algorithm>
#include <filesystem>
#include <set>
#include <vector>

#include "error/error.h"
#include "host/log.h"
#include "server/container.h"
#include "state/files.h"
#include "state/journal.h"
#include "state/lock.h"

namespace server {

namespace fs = std::filesystem;

namespace {

bool has_label(const engine::Container& container, const std::string& key,
               const std::string& value) {
    const auto found = container.labels.find(key);
    return found != container.labels.end() && found->second == value;
}

bool is_made_for(const service::Service& service, const engine::Container& container) {
    if (container.name == service.ambassador()) {
        return has_label(container, "dokku.ambassador", "postgres");
    }
    if (container.name == service.helper()) return has_label(container, helper_label, "postgres");
    return has_label(container, "dokku.service", "postgres");
}

std::vector<fs::path> folders_in(const fs::path& folder) {
    std::vector<fs::path> folders;
    for (const auto& entry : fs::directory_iterator(folder)) {
        if (entry.is_directory() && !entry.is_symlink()) folders.push_back(entry.path());
    }
    return folders;
}

// Whether every folder in the service's could be removed by ourselves.
bool remove_folders(const service::Service& service) {
    bool gone = true;
    for (const auto& folder : folders_in(service.folder)) {
        std::error_code failed;
        fs::remove_all(folder, failed);
        // An empty one of the image's user cannot be looked into, but it can be removed.
        if (failed) fs::remove(folder, failed);
        gone = gone && !failed;
    }
    return gone;
}

// Only root inside a container may remove what the image's user owns.
void empty_folders(const service::Service& service, const std::string& image) {
    if (image.empty()) {
        throw Error{"the data of service '" + service.name +
                        "' belong to its image's user, and nothing tells which image that is",
                    "Name it: dokku postgres:upgrade " + service.name +
                        " --image postgres --image-version MAJOR"};
    }
    image_of(service.context(), image);
    const std::string target = "/dokku-postgres";
    // Not find's own -delete, to which it is a failure that somebody else removes something too.
    engine::Spec spec = helper_of(service, image);
    spec.mounts = {{service.host_folder.string(), target}};
    spec.arguments = {"find",  target, "-mindepth", "2",  "-maxdepth", "2",
                      "-exec", "rm",   "-rf",       "{}", "+"};
    const auto result = service.engine().run_once(spec);
    if (!result.ok()) {
        throw Error{"the data of service '" + service.name + "' could not be removed", result.err};
    }
}

void remove_files(const service::Service& service) {
    // What says that the service is half removed goes last: the journal, or before there was one a
    // mark in the record.
    const fs::path last[] = {service.file("service.yml"), state::journal_path(service.folder)};
    for (const auto& entry : fs::directory_iterator(service.folder)) {
        if (std::find(std::begin(last), std::end(last), entry.path()) == std::end(last))
            state::remove_file(entry.path());
    }
    for (const auto& path : last) state::remove_file(path);
    fs::remove(service.folder);
    state::sync_folder(service.folder.parent_path());
}

// Of services: whoever has a lock, or a folder on its way.
std::set<std::string> names_in_use(const service::Context& context) {
    constexpr std::string_view prefix = ".creating-";
    std::set<std::string> names;
    for (const auto kind : {state::Lock::Of::server, state::Lock::Of::service}) {
        for (auto& name : state::locked_names(context.environment, kind))
            names.insert(std::move(name));
    }
    std::error_code missing;
    for (const auto& entry : fs::directory_iterator(context.environment.services, missing)) {
        const std::string file = entry.path().filename().string();
        if (file.starts_with(prefix)) names.insert(file.substr(prefix.size()));
    }
    std::erase_if(names, [](const std::string& name) {
        return name.empty() || name.front() == '.';  // the lock of all names
    });
    return names;
}

bool is_nothing(const fs::path& path) {
    std::error_code ignored;
    return fs::symlink_status(path, ignored).type() == fs::file_type::not_found;
}

void tidy(const service::Service& service) {
    if (!is_nothing(service.folder) && is_nothing(service.staging())) return;
    const auto lock =
        state::Lock::at_once(service.environment(), state::Lock::Of::service, service.name);
    if (!lock) return;
    fs::remove_all(service.staging());
    if (!is_nothing(service.folder)) return;
    state::forget_lock(service.environment(), state::Lock::Of::service, service.name);
    if (const auto server_lock =
            state::Lock::at_once(service.environment(), state::Lock::Of::server, service.name))
        state::forget_lock(service.environment(), state::Lock::Of::server, service.name);
}

}  // namespace

void check_folder_is_own(const service::Service& service) {
    if (fs::is_symlink(service.folder)) {
        throw Error{"'" + service.folder.string() + "' is a symbolic link",
                    "Remove the link by hand; nothing behind it is touched.", Exit::refused};
    }
}

void remove_containers(const service::Service& service) {
    for (const auto& container :
         service.engine().find_all({service.container(), service.ambassador(), service.helper()})) {
        if (!is_made_for(service, container)) {
            throw Error{"container '" + container.name + "' was not made for service '" +
                            service.name + "'",
                        "Rename or remove it by hand.", Exit::refused};
        }
        service.engine().remove(container.id, true);
    }
}

void remove_folder(const service::Service& service, const std::string& image) {
    check_folder_is_own(service);
    if (!remove_folders(service)) {
        empty_folders(service, image);
        if (!remove_folders(service)) {
            throw Error{"'" + service.folder.string() + "' could not be emptied",
                        "Is something mounted in it? Unmount it, then run the command again."};
        }
    }
    remove_files(service);
}

void tidy(const service::Context& context) {
    for (const auto& name : names_in_use(context)) {
        try {
            tidy(service::at(context, name));
        } catch (const std::exception& problem) {
            host::debug(problem.what());
        }
    }
}

void tidy_apps(const service::Context& context, const std::vector<std::string>& apps) {
    for (const auto& name : state::locked_names(context.environment, state::Lock::Of::app)) {
        if (std::find(apps.begin(), apps.end(), name) != apps.end()) continue;
        const auto lock = state::Lock::at_once(context.environment, state::Lock::Of::app, name);
        if (lock) state::forget_lock(context.environment, state::Lock::Of::app, name);
    }
}

}  // namespace server
