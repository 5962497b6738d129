// Watches the free disk space, so that work on data stops before a server has no space for its WAL.
#include "transfer/disk_space.h"

#include <sys/statvfs.h>

#include <algorithm>
#include <filesystem>
#include <string>
namespace transfer {

namespace {

std::string megabytes(std::uint64_t bytes) { return std::to_string(bytes / 1000 / 1000) + " MB"; }

}  // namespace

std::optional<std::uint64_t> free_disk_space(const service::Service& service) {
    struct statvfs found {};
    // The folder itself, because we may not read the server's files in it. The folder of a new
    // service does not exist yet.
    const std::filesystem::path places[] = {service.file("data"), service.folder,
                                            service.folder.parent_path()};
    const bool known = std::any_of(std::begin(places), std::end(places), [&](const auto& place) {
        return ::statvfs(place.c_str(), &found) == 0;
    });
    if (!known) return {};
    return std::uint64_t{found.f_bavail} * found.f_frsize;
}

void require_disk_space(const service::Service& service, std::uint64_t wanted) {
    const auto room = free_disk_space(service);
    if (!room || *room >= reserved_disk_space + wanted) return;
    throw NoDiskSpace{"not enough room where service '" + service.name +
                          "' keeps its data: " + megabytes(*room) + " are free, " +
                          megabytes(reserved_disk_space + wanted) + " are needed",
                      "Make room on the file system of '" + service.file("data").string() + "'."};
}

}  // namespace transfer
