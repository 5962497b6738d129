// Taking away what a service leaves.

#include "service/remains.h"

#include <filesystem>
#include <vector>

#include "error/error.h"
#include "host/log.h"
#include "service/container.h"
#include "service/files.h"

namespace service {

namespace fs = std::filesystem;

namespace {

bool has_label(const engine::Container& container, const std::string& key,
               const std::string& value) {
    const auto found = container.labels.find(key);
    return found != container.labels.end() && found->second == value;
}

bool is_made_for(const Service& service, const engine::Container& container) {
    if (container.name == service.ambassador()) {
        return has_label(container, "dokku.ambassador", "postgres");
    }
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
bool remove_folders(const Service& service) {
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
void empty_folders(const Site& site, const Service& service, const std::string& image) {
    if (image.empty()) {
        throw Error{"the data of service '" + service.name +
                        "' belong to its image's user, and nothing tells which image that is",
                    "Name it: dokku postgres:upgrade " + service.name +
                        " --image postgres --image-version MAJOR"};
    }
    image_of(site, image);
    const std::string target = "/dokku-postgres";
    const auto result = site.engine.run_once(image, {{service.host_folder.string(), target}},
                                             {"find", target, "-mindepth", "2", "-delete"});
    if (!result.ok()) {
        throw Error{"the data of service '" + service.name + "' could not be removed", result.err};
    }
}

void remove_files(const Service& service) {
    for (const auto& entry : fs::directory_iterator(service.folder)) {
        if (entry.path().filename() != "service.yml") remove_file(entry.path());
    }
    remove_file(service.file("service.yml"));
    fs::remove(service.folder);
}

}  // namespace

void check_folder_is_own(const Service& service) {
    if (fs::is_symlink(service.folder)) {
        throw Error{"'" + service.folder.string() + "' is a symbolic link",
                    "Remove the link by hand; nothing behind it is touched.", Exit::refused};
    }
}

void remove_containers(const Site& site, const Service& service) {
    for (const auto& container :
         site.engine.find_all({service.container(), service.ambassador()})) {
        if (!is_made_for(service, container)) {
            throw Error{"container '" + container.name + "' was not made for service '" +
                            service.name + "'",
                        "Rename or remove it by hand.", Exit::refused};
        }
        site.engine.remove(container.id, true);
    }
}

void remove_folder(const Site& site, const Service& service, const std::string& image) {
    check_folder_is_own(service);
    if (!remove_folders(service)) {
        empty_folders(site, service, image);
        if (!remove_folders(service)) {
            throw Error{"'" + service.folder.string() + "' could not be emptied",
                        "Is something mounted in it? Unmount it, then run the command again."};
        }
    }
    remove_files(service);
}

}  // namespace service
