// The majors of PostgreSQL that we serve, and what each can do.
#pragma once

#include <string_view>

namespace service {

/// One major. From 18 on the image keeps its data in a folder named for the major, below its
/// volume.
struct Major {
    int number;
    std::string_view data_target;  // where the official image wants the data mounted
    bool zstd_dumps;               // pg_dump writes zstd
    bool incremental_backups;      // pg_basebackup takes increments
};

inline constexpr Major majors[] = {
    {14, "/var/lib/postgresql/data", false, false}, {15, "/var/lib/postgresql/data", false, false},
    {16, "/var/lib/postgresql/data", true, false},  {17, "/var/lib/postgresql/data", true, true},
    {18, "/var/lib/postgresql", true, true},
};
inline constexpr int default_major = 17;

/// The row of a major, nullptr when we do not know it.
constexpr const Major* find_major(int number) {
    for (const auto& major : majors) {
        if (major.number == number) return &major;
    }
    return nullptr;
}

}  // namespace service
