// The guard of the disk: work on data stops before a server has no room left for its log.
#pragma once

#include <chrono>
#include <cstdint>
#include <optional>

#include "error/error.h"
#include "service/service.h"

namespace transfer {

/// Bytes that have to stay free on the file system of a service's data.
inline constexpr std::uint64_t reserved_disk_space = 100ULL * 1000 * 1000;

/// How often the room is looked at: a server fills a disk as fast as its cache takes it.
inline constexpr std::chrono::milliseconds disk_check_interval{20};

/// The bytes that are free where the service keeps its data, nothing where that cannot be seen.
std::optional<std::uint64_t> free_disk_space(const service::Service& service);

/// What need_room throws.
struct NoDiskSpace : Error {
    using Error::Error;
};

/// Throws NoRoom when fewer than least_room and `wanted` bytes are free where the service keeps its
/// data. A few microseconds, no process.
void require_disk_space(const service::Service& service, std::uint64_t wanted = 0);

}  // namespace transfer
