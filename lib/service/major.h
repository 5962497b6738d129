// The majors of PostgreSQL that we serve, and what each can do.
#pragma once

#include <string_view>

namespace service {

/// One major. From 18 on the image keeps its data in a folder named for the major, below its
/// volume.
struct Major {
    std::string_view data_target;  // where the official image wants the data mounted
    int number;
    bool zstd_dumps;           // pg_dump writes zstd
    bool incremental_backups;  // pg_basebackup takes increments
};

inline constexpr Major majors[] = {
    {"/var/lib/postgresql/data", 14, false, false}, {"/var/lib/postgresql/data", 15, false, false},
    {"/var/lib/postgresql/data", 16, true, false},  {"/var/lib/postgresql/data", 17, true, true},
    {"/var/lib/postgresql", 18, true, true},
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
