// The settings that create, clone and upgrade take by the same flags.
#pragma once

#include "cli/invocation.h"
#include "service/settings.h"

/// The settings that were given by flags; throws a usage Error for one that no service can have.
inline service::Settings settings_of(const cli::Invocation& given) {
    service::Settings settings{
        .image = given.find("image"),
        .image_version = given.find("image-version"),
        .config_options = given.find("config-options"),
        .custom_env = given.find("custom-env"),
        .memory = given.find("memory"),
        .shm_size = given.find("shm-size"),
        .initial_network = given.find("initial-network"),
        .post_create_network = given.find("post-create-network"),
        .post_start_network = given.find("post-start-network"),
    };
    service::check(settings);
    return settings;
}
