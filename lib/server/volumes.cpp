// An operator's own folders in a service's container.
#include "server/volumes.h"

#include <algorithm>
#include <filesystem>
#include <string_view>

#include "error/error.h"
#include "host/log.h"
#include "server/recreate.h"

namespace server {

namespace {

// What the image or we put there ourselves.
constexpr std::string_view reserved[] = {"/var/lib/postgresql",
                                         "/docker-entrypoint-initdb.d",
                                         "/run/dokku-postgres",
                                         "/proc",
                                         "/sys",
                                         "/dev",
                                         "/certs"};

bool within(const std::string& path, std::string_view folder) {
    return path == folder || (path.starts_with(folder) && path[folder.size()] == '/');
}

// An absolute path without `..`, `.` or doubled slashes, and without what a mount option or a
// terminal takes for its own.
bool is_plain_path(const std::string& path) {
    return path.starts_with('/') && path.find(',') == std::string::npos &&
           host::printable(path) == path &&
           std::filesystem::path(path).lexically_normal().string() == path;
}

std::string without_last_slash(std::string path) {
    while (path.size() > 1 && path.ends_with('/')) path.pop_back();
    return path;
}

// A folder of the host can be anything: other services' data, or the way to be root. Who is shown a
// part of this host only gets a folder of Dokku's storage, which no container can make a link of,
// and only one with the name of an app of theirs: any other one may be somebody else's.
void check_source(const service::Context& context, const std::string& source) {
    if (!context.dokku.is_filtered()) return;
    namespace fs = std::filesystem;
    const fs::path storage = fs::path("data") / "storage";
    const std::string name = fs::path(source).filename().string();
    const auto status = fs::symlink_status(context.environment.lib_root / storage / name);
    const bool is_theirs =
        context.dokku.app_exists(name) && !context.dokku.visible_apps({name}).empty();
    if (fs::path(source).parent_path() == context.environment.lib_host_root / storage &&
        fs::is_directory(status) && is_theirs) {
        return;
    }
    throw Error{"only folders of your own apps in " +
                    (context.environment.lib_host_root / storage).string() + " can be mounted here",
                "A plugin of this host limits what people see. Make a folder for an app with: dokku "
                "storage:ensure-directory APP",
                Exit::refused};
}

// Nobody mounted the others: an image made the engine make them.
bool is_folder(const service::Volume& volume) { return volume.source.starts_with('/'); }

}  // namespace

service::Volume parse_volume(const std::string& text) {
    service::Volume volume;
    std::string rest = text;
    for (const std::string_view mode : {":ro", ":rw"}) {
        if (!rest.ends_with(mode)) continue;
        volume.read_only = mode == ":ro";
        rest.resize(rest.size() - mode.size());
        break;
    }
    const auto colon = rest.find(':');
    if (colon == std::string::npos || rest.find(':', colon + 1) != std::string::npos)
        throw usage_error("'" + text + "' is not a volume",
                          "Give HOST_DIR:CONTAINER_DIR or HOST_DIR:CONTAINER_DIR:ro.");
    volume.source = without_last_slash(rest.substr(0, colon));
    volume.target = without_last_slash(rest.substr(colon + 1));
    if (!is_plain_path(volume.source) || !is_plain_path(volume.target) || volume.target == "/")
        throw usage_error("'" + text + "' does not name two absolute folders");
    for (const auto folder : reserved) {
        if (within(volume.target, folder))
            throw usage_error("'" + volume.target + "' belongs to the service itself");
    }
    return volume;
}

void mount(const service::Service& service, const service::Volume& volume,
           std::chrono::seconds patience) {
    check_source(service.context(), volume.source);
    // Where the engine sees our file system a folder that is not there is told before the container
    // is touched.
    const bool same_view = service.environment().lib_host_root == service.environment().lib_root;
    if (same_view && !std::filesystem::is_directory(volume.source))
        throw usage_error("there is no folder '" + volume.source + "' on this host");
    const auto add = [&](service::Record& record) {
        const auto is_there = [&](const service::Volume& other) {
            return other.target == volume.target;
        };
        for (const auto& other : record.volumes) {
            if (is_there(other) && is_folder(other))
                throw Error("'" + volume.target + "' is taken by " + other.source, {},
                            Exit::refused);
        }
        std::erase_if(record.volumes, is_there);
        record.volumes.push_back(volume);
    };
    recreate(service,
             {.command = "mount", .arguments = {volume.source, volume.target}, .apply = add},
             patience);
}

void unmount(const service::Service& service, const std::string& target,
             std::chrono::seconds patience) {
    const std::string wanted = without_last_slash(target);
    const auto take = [&](service::Record& record) {
        const auto gone = std::erase_if(record.volumes, [&](const service::Volume& volume) {
            return volume.target == wanted && is_folder(volume);
        });
        if (gone == 0) throw Error("nothing is mounted at '" + target + "' in " + service.name);
    };
    recreate(service, {.command = "unmount", .arguments = {target}, .apply = take}, patience);
}

}  // namespace server
