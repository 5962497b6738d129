// Watches the free disk space, so that work on data stops before a server has no space for its WAL.
#pragma once

#include <chrono>
#include <cstdint>
#include <optional>

#include "error/error.h"
#include "service/service.h"

namespace transfer {

/// Bytes that must stay free on the file system of a service's data.
inline constexpr std::uint64_t reserved_disk_space = 100ULL * 1000 * 1000;

/// How often the free space is checked: a server fills a disk as fast as the page cache accepts
/// data.
inline constexpr std::chrono::milliseconds disk_check_interval{20};

/// The free bytes on the file system of the service's data; nothing if they are unknown.
std::optional<std::uint64_t> free_disk_space(const service::Service& service);

/// Thrown by require_disk_space().
struct NoDiskSpace : Error {
    using Error::Error;
};

/// Throws NoDiskSpace if fewer than reserved_disk_space and `wanted` bytes are free on the file
/// system of the service's data. Takes a few microseconds and starts no process.
void require_disk_space(const service::Service& service, std::uint64_t wanted = 0);

}  // namespace transfer
