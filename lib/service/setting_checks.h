// What a setting can be. Each check throws a usage Error for another text; asks nobody.
#pragma once

#include <cstdint>
#include <string>

namespace service {

/// The official plugin counts a limit of memory in these.
inline constexpr std::int64_t megabyte = 1 << 20;

void check_image(const std::string& image);
void check_image_version(const std::string& version);
void check_initial_network(const std::string& name);
void check_network_names(const std::string& names);  // commas between them
void check_memory(const std::string& memory);
void check_shm_size(const std::string& size);
void check_config_options(const std::string& options);
void check_custom_env(const std::string& custom_env);

}  // namespace service
