// The flags that create, clone and upgrade share, and what they say.
#pragma once

#include <unistd.h>

#include <algorithm>
#include <array>
#include <chrono>
#include <cstddef>

#include "cli/invocation.h"
#include "error/error.h"
#include "host/log.h"
#include "server/create.h"
#include "service/service.h"
#include "service/settings.h"

/// For create, clone and upgrade.
inline constexpr cli::Flag progress_flag = {
    0, "progress", "", "print progress every ten seconds if standard error is no terminal"};

/// The flags of a new service, for create and clone.
inline constexpr cli::Flag creation_flags[] = {
    {'c', "config-options", "OPTIONS",
     "options for the server's command line, \"-c max_connections=50\""},
    {'C', "custom-env", "K=V;K=V", "environment variables of the container"},
    {'i', "image", "IMAGE", "the image to run (default: postgres)"},
    {'I', "image-version", "VERSION", "the version of the image (default: 17)"},
    {'m', "memory", "SIZE",
     "memory limit of the container, 512m or 2g; a plain number is megabytes (default: unlimited)"},
    {'N', "initial-network", "NETWORK", "the first network of the container"},
    {'p', "password", "PASSWORD", "the password of the superuser (default: a random one)"},
    {'P', "post-create-network", "NETWORKS",
     "networks to join after the container is made, comma-separated"},
    progress_flag,
    {'r', "root-password", "PASSWORD", "refused: PostgreSQL has no root user"},
    {'S', "post-start-network", "NETWORKS",
     "networks to join after the container is started, comma-separated"},
    {'s', "shm-size", "SIZE",
     "shared memory of the container, 256m or 1g; a plain number is bytes (default: 64m)"},
    {0, "wait-timeout", "SECONDS", "how long the server may take to answer (default: 120)"},
};

/// The flags of a new service and one more.
constexpr auto creation_flags_and(const cli::Flag& further) {
    std::array<cli::Flag, std::size(creation_flags) + 1> flags{};
    std::copy(std::begin(creation_flags), std::end(creation_flags), flags.begin());
    flags.back() = further;
    return flags;
}

/// The same for clone, which takes what is not said from the source.
constexpr auto flags_like_source() {
    auto flags = std::to_array(creation_flags);
    for (auto& flag : flags) {
        if (flag.name == "image") flag.meaning = "the image to run (default: the source's)";
        if (flag.name == "image-version")
            flag.meaning = "the version of the image (default: the source's)";
        if (flag.name == "memory")
            flag.meaning = "memory limit of the container (default: the source's)";
    }
    return flags;
}

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

/// Lets an image that has to be pulled say every ten seconds that it is on its way, where that was
/// asked for and no terminal shows it.
inline void show_pulls(const cli::Invocation& given, const service::Context& context) {
    if (!given.has("progress") || ::isatty(STDERR_FILENO) == 1) return;
    context.engine.show_pulls({.drawn = false, .told = [](const auto& reference, auto since) {
                                   host::verbose("Pulling image " + reference + ", " +
                                                 std::to_string(since.count()) + " s");
                               }});
}

/// What a new service is asked to be; throws a usage Error for what none can be.
inline server::Options options_of(const cli::Invocation& given) {
    if (given.has("root-password")) {
        throw usage_error("a Postgres service has no root password",
                          "Its superuser is 'postgres'; --password sets that password.");
    }
    server::Options options{.settings = settings_of(given), .password = given.find("password")};
    if (const auto seconds = given.number("wait-timeout", 1, 86400)) {
        options.patience = std::chrono::seconds(*seconds);
    }
    return options;
}
