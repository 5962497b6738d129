// Checks of the settings' values. Each throws a usage Error for an invalid text, and asks neither
// Docker nor Dokku.
#pragma once

#include <cstdint>
#include <string>

namespace service {

/// The official plugin's unit of a memory limit, in bytes.
inline constexpr std::int64_t megabyte = 1 << 20;

/// A name of an image, with or without registry, tag and digest.
void check_image(const std::string& image);
/// A tag.
void check_image_version(const std::string& version);
/// The name of one network that is neither `host` nor `none`.
void check_initial_network(const std::string& name);
/// Such names, separated by commas.
void check_network_names(const std::string& names);
/// 6m or more, in whole megabytes; a plain number counts megabytes.
void check_memory(const std::string& memory);
/// 1m or more; a plain number counts bytes.
void check_shm_size(const std::string& size);
/// Words with closed quotes, without control characters.
void check_config_options(const std::string& options);
/// K=V;K=V, without the variables that the plugin sets itself.
void check_custom_env(const std::string& custom_env);

}  // namespace service
