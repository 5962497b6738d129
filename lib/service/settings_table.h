// The table of settings: each row has what commands, files and reports need to know of one setting.
#pragma once

#include <cstddef>
#include <cstdint>
#include <iterator>
#include <string>
#include <string_view>
#include <vector>

#include "service/record.h"
#include "service/setting_checks.h"

namespace service {

/// The settings, in the order of their rows.
enum class Setting {
    image,
    image_version,
    initial_network,
    post_create_network,
    post_start_network,
    memory,
    shm_size,
    config_options,
    custom_env,
};

/// How a setting is typed and stored.
enum class Kind {
    image,        // a part of the image's name
    one_network,  // a list of one at the most
    networks,     // a list, separated by commas
    size,         // a limit in bytes
    words,        // split as a shell does
    variables,    // K=V;K=V; in the record one per line
};

/// One setting. Its value in the record is a text, for networks a list.
struct SettingRow {
    Setting setting;
    Kind kind;
    std::string_view name;     // of the flag, of the key and of the row of `info`
    char letter;               // of the flag
    std::string_view value;    // what help calls the flag's value
    std::string_view meaning;  // what help says of the flag
    // throws a usage Error for an invalid text; never called with an empty one
    void (*check)(const std::string& typed);
    std::string Record::*text = nullptr;
    std::vector<std::string> Record::*networks = nullptr;
    std::string_view file = {};  // of the official plugin; networks are properties in Dokku
    std::int64_t unit = 0;       // of a size: how many bytes a plain number counts
    bool is_key = true;  // whether `set` takes it; create, clone and upgrade take every setting
};

inline constexpr SettingRow setting_rows[] = {
    {.setting = Setting::image,
     .kind = Kind::image,
     .name = "image",
     .letter = 'i',
     .value = "IMAGE",
     .meaning = "the image to run",
     .check = check_image,
     .text = &Record::image,
     .file = "IMAGE",
     .is_key = false},
    {.setting = Setting::image_version,
     .kind = Kind::image,
     .name = "image-version",
     .letter = 'I',
     .value = "VERSION",
     .meaning = "the version of the image",
     .check = check_image_version,
     .text = &Record::image_version,
     .file = "IMAGE_VERSION",
     .is_key = false},
    {.setting = Setting::initial_network,
     .kind = Kind::one_network,
     .name = "initial-network",
     .letter = 'N',
     .value = "NETWORK",
     .meaning = "the first network of the container",
     .check = check_initial_network,
     .networks = &Record::initial_network},
    {.setting = Setting::post_create_network,
     .kind = Kind::networks,
     .name = "post-create-network",
     .letter = 'P',
     .value = "NETWORKS",
     .meaning = "networks to join after the container is made, comma-separated",
     .check = check_network_names,
     .networks = &Record::post_create_network},
    {.setting = Setting::post_start_network,
     .kind = Kind::networks,
     .name = "post-start-network",
     .letter = 'S',
     .value = "NETWORKS",
     .meaning = "networks to join after the container is started, comma-separated",
     .check = check_network_names,
     .networks = &Record::post_start_network},
    {.setting = Setting::memory,
     .kind = Kind::size,
     .name = "memory",
     .letter = 'm',
     .value = "SIZE",
     .meaning = "memory limit of the container, 512m or 2g; a plain number is megabytes",
     .check = check_memory,
     .text = &Record::memory,
     .file = "SERVICE_MEMORY",
     .unit = megabyte},
    {.setting = Setting::shm_size,
     .kind = Kind::size,
     .name = "shm-size",
     .letter = 's',
     .value = "SIZE",
     .meaning = "shared memory of the container, 256m or 1g; a plain number is bytes",
     .check = check_shm_size,
     .text = &Record::shm_size,
     .file = "SHM_SIZE",
     .unit = 1},
    {.setting = Setting::config_options,
     .kind = Kind::words,
     .name = "config-options",
     .letter = 'c',
     .value = "OPTIONS",
     .meaning = "options for the server's command line, \"-c max_connections=50\"",
     .check = check_config_options,
     .text = &Record::config_options,
     .file = "CONFIG_OPTIONS"},
    {.setting = Setting::custom_env,
     .kind = Kind::variables,
     .name = "custom-env",
     .letter = 'C',
     .value = "K=V;K=V",
     .meaning = "environment variables of the container",
     .check = check_custom_env,
     .text = &Record::custom_env,
     .file = "ENV"},
};
inline constexpr std::size_t setting_count = std::size(setting_rows);

/// The index of a setting's row.
constexpr std::size_t index_of(Setting setting) { return static_cast<std::size_t>(setting); }

/// The row of a setting.
constexpr const SettingRow& row_of(Setting setting) { return setting_rows[index_of(setting)]; }

static_assert(
    [] {
        for (std::size_t i = 0; i < setting_count; ++i)
            if (index_of(setting_rows[i].setting) != i) return false;
        return true;
    }(),
    "the rows stand in the order of the settings");

}  // namespace service
