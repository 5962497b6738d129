// What a person may ask of a service's settings, at create, clone, upgrade and set: checked in one
// place, applied in one place.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "service/record.h"
#include "service/service.h"

namespace service {

/// Settings as they were typed; nothing for what was not said, an empty text to go back to the
/// default.
struct Settings {
    std::optional<std::string> image = {}, image_version = {};
    std::optional<std::string> config_options = {};  // `--args --go=here`
    std::optional<std::string> custom_env = {};      // `USER=alpha;HOST=beta`
    std::optional<std::string> memory = {};          // 512m, 2g; a plain number is MB
    std::optional<std::string> shm_size = {};        // 64m, 1g; a plain number is bytes
    std::optional<std::string> initial_network = {}, post_create_network = {},
                               post_start_network = {};  // comma lists
};

/// Throws a usage Error for a setting that no service can have; asks nobody.
void check(const Settings& settings);
/// Throws Error, where a plugin decides what the user sees, for an image that may be an app's.
void check_visible_image(const Context& context, const Settings& settings);
/// Throws a usage Error for a network that the engine does not have; one engine call for each that
/// is named.
void check_networks(const Context& context, const Settings& settings);
/// Puts the settings that were said into the record.
void apply(const Settings& settings, Record& record);

/// The setting of a key of `postgres:set`, initial-network and so on; throws a usage Error that
/// names the keys for any other one.
Settings setting(const std::string& key, const std::string& value);

}  // namespace service
