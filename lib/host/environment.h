// The environment variables that Dokku gives us, with our defaults.
#pragma once

#include <chrono>
#include <filesystem>
#include <optional>
#include <string>

namespace host {

/// The environment of one run, read once.
struct Environment {
    std::string docker = "docker";
    std::filesystem::path dokku_root;     // empty: the home of system_user
    std::filesystem::path lib_root;       // /var/lib/dokku
    std::filesystem::path lib_host_root;  // the same folder as the engine sees it
    std::filesystem::path plugin_path, plugin_enabled, plugin_available, core_available;
    std::filesystem::path services;  // POSTGRES_ROOT or <lib_root>/services/postgres
    // POSTGRES_HOST_ROOT, or `services` as the engine sees it; for the sources of mounts
    std::filesystem::path services_host;
    std::filesystem::path cron = "/etc/cron.d";
    std::filesystem::path sudoers = "/etc/sudoers.d";
    std::filesystem::path data;  // <lib_root>/data/postgres: locks, and what no service owns
    std::string system_user = "dokku", system_group = "dokku";
    std::optional<std::string> app;  // DOKKU_APP_NAME
    std::string command;             // DOKKU_COMMAND
    std::string ssh_user, ssh_name = "default";
    bool quiet = false, trace = false, force = false;
    bool no_restart = false;         // leading --no-restart, from DOKKU_GLOBAL_FLAGS
    std::string image = "postgres";  // POSTGRES_IMAGE
    std::optional<std::string> image_version, config_options, custom_env;  // POSTGRES_*
    bool disable_pull = false;                                             // POSTGRES_DISABLE_PULL
    std::chrono::seconds engine_timeout{60};                  // POSTGRES_ENGINE_TIMEOUT
    std::string ambassador_image = "dokku/ambassador:0.8.2";  // PLUGIN_AMBASSADOR_IMAGE
    // standard input is a terminal, or DOKKU_FORCE_TTY; never with DOKKU_DISABLE_TTY
    bool terminal_in = false;
    bool ssh_terminal = false;  // sshd gave a terminal (SSH_TTY)
    bool over_ssh = false;      // the command came over the network (SSH_CONNECTION)
    // Somebody reads standard error: it is a terminal, or the command came over ssh. Cron, which
    // would send a mail for each line, is neither.
    bool attended = false;
};

/// The environment of this process. The first call also changes the environment of our children: it
/// sets what Dokku's helpers need and a trigger run by hand lacks (DOKKU_LIB_ROOT, PLUGIN_PATH,
/// ..), and removes what may hold a secret (DOKKU_GLOBAL_FLAGS, SUDO_COMMAND).
const Environment& environment();

/// The environment from a lookup function, for tests.
Environment read_environment(const std::optional<std::string> (*get)(const char*));

}  // namespace host
