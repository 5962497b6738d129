// The supported majors of PostgreSQL, and the first major of each feature that we use.
#pragma once

#include <iterator>
#include <string_view>

namespace pg {

/// A supported major.
struct Major {
    int number;
    std::string_view data_target;  // where the official image wants the data mounted
    int newest_archive;            // that its pg_restore reads (1.16 is 16)
    int restrict_since;            // the minor version whose psql first knows \restrict
};

// \restrict came in August 2025 (CVE-2025-8714).
inline constexpr Major majors[] = {
    {14, "/var/lib/postgresql/data", 14, 19}, {15, "/var/lib/postgresql/data", 14, 14},
    {16, "/var/lib/postgresql/data", 15, 10}, {17, "/var/lib/postgresql/data", 16, 6},
    {18, "/var/lib/postgresql", 16, 0},
};
inline constexpr const Major& oldest_major = *std::begin(majors);
inline constexpr const Major& newest_major = *std::prev(std::end(majors));
inline constexpr int default_major = 17;

/// The first major that has a feature. An adopted service may run an older, unsupported major.
enum class Feature {
    forced_drop = 13,          // DROP DATABASE .. WITH (FORCE)
    locale_providers = 15,     // of a database: the C library or ICU
    public_owner = 15,         // pg_database_owner owns the schema `public`
    file_copies = 15,          // pg_backup_start: the first server whose files we copy
    dump_methods = 16,         // pg_dump compresses with zstd and lz4, and not by a level alone
    icu_rules = 16,            // of a database
    one_locale = 17,           // pg_database.datlocale, before: daticulocale
    transaction_timeout = 17,  // the setting
    incremental_backups = 17,  // by pg_basebackup
    major_folders = 18,        // the image keeps its data in a folder named for the major
};

/// The first major that has a feature.
constexpr int first_major(Feature feature) { return static_cast<int>(feature); }

/// Whether a major has a feature. A major newer than the table has all of them.
constexpr bool has(int major, Feature feature) { return major >= first_major(feature); }

/// The major of a version as libpq numbers it: 17 of 170006.
constexpr int major_of(int version) { return version / 10000; }

/// The row of a major, nullptr if it is not supported.
constexpr const Major* find_major(int number) {
    for (const auto& major : majors) {
        if (major.number == number) return &major;
    }
    return nullptr;
}

/// Whether psql of that version, as libpq numbers it, knows \restrict.
constexpr bool knows_restrict(int version) {
    const Major* const row = find_major(major_of(version));
    if (row != nullptr) return version % 10000 >= row->restrict_since;
    return major_of(version) > newest_major.number;
}

}  // namespace pg
