// The environment variables that Dokku gives us, with our defaults.
#include "host/environment.h"

#include <pwd.h>
#include <unistd.h>

#include <cstdlib>
#include <string_view>
#include <utility>

#include "host/child_environment.h"

namespace host {

namespace {

using Get = const std::optional<std::string> (*)(const char*);

// An empty value counts as unset, as in Dokku's own `${X:=default}`.
std::optional<std::string> value(Get get, const char* name) {
    std::optional<std::string> found = get(name);
    if (found && found->empty()) found.reset();
    return found;
}

std::string text(Get get, const char* name, std::string otherwise) {
    return value(get, name).value_or(std::move(otherwise));
}

std::filesystem::path path(Get get, const char* name, const std::filesystem::path& otherwise) {
    const auto found = value(get, name);
    return found ? std::filesystem::path{*found} : otherwise;
}

std::filesystem::path home_of(const std::string& user) {
    const passwd* entry = getpwnam(user.c_str());
    if (entry != nullptr && entry->pw_dir != nullptr && *entry->pw_dir != '\0') {
        return entry->pw_dir;
    }
    return "/home/dokku";
}

// Dokku sets PLUGIN_PATH to `<lib_root>/plugins`, so a trigger that gets only this variable finds a
// Dokku in another place.
std::filesystem::path lib_root(Get get) {
    if (auto set = value(get, "DOKKU_LIB_ROOT")) return *set;
    if (auto set = value(get, "DOKKU_LIB_PATH")) return *set;
    if (auto set = value(get, "PLUGIN_PATH")) {
        const std::filesystem::path plugins{*set};
        if (plugins.filename() == "plugins" && plugins.has_parent_path()) {
            return plugins.parent_path();
        }
    }
    return "/var/lib/dokku";
}

// A folder's path for the engine. It differs only for folders in lib_root, if Dokku runs in a
// container.
std::filesystem::path on_host(const Environment& made, const std::filesystem::path& folder) {
    const auto below = folder.lexically_relative(made.lib_root);
    if (below.empty() || *below.begin() == "..") return folder;
    return made.lib_host_root / below;
}

bool holds_word(std::string_view words, std::string_view word) {
    while (!words.empty()) {
        const auto end = words.find(' ');
        if (words.substr(0, end) == word) return true;
        words.remove_prefix(end == std::string_view::npos ? words.size() : end + 1);
    }
    return false;
}

bool terminal(Get get) {
    if (value(get, "DOKKU_DISABLE_TTY") == "true") return false;
    if (value(get, "DOKKU_FORCE_TTY") == "true") return true;
    return isatty(STDIN_FILENO) == 1;
}

// An invalid number of seconds is ignored: no hook may fail because of it.
std::chrono::seconds seconds(Get get, const char* name, std::chrono::seconds otherwise) {
    constexpr std::size_t most_digits = 4;
    const std::string given = text(get, name, "");
    const bool is_number = !given.empty() && given.size() <= most_digits &&
                           given.find_first_not_of("0123456789") == std::string::npos;
    const std::chrono::seconds limit{is_number ? std::stoi(given) : 0};
    return limit.count() > 0 ? limit : otherwise;
}

void read_paths(Get get, Environment& made) {
    made.system_user = text(get, "DOKKU_SYSTEM_USER", "dokku");
    made.system_group = text(get, "DOKKU_SYSTEM_GROUP", "dokku");
    made.dokku_root = path(get, "DOKKU_ROOT", {});
    made.lib_root = lib_root(get);
    made.lib_host_root = path(get, "DOKKU_LIB_HOST_ROOT", made.lib_root);
    made.plugin_path = path(get, "PLUGIN_PATH", made.lib_root / "plugins");
    made.plugin_enabled = path(get, "PLUGIN_ENABLED_PATH", made.plugin_path / "enabled");
    made.plugin_available = path(get, "PLUGIN_AVAILABLE_PATH", made.plugin_path / "available");
    made.core_available =
        path(get, "PLUGIN_CORE_AVAILABLE_PATH", made.lib_root / "core-plugins" / "available");
    made.services = path(get, "POSTGRES_ROOT", made.lib_root / "services" / "postgres");
    made.services_host = path(get, "POSTGRES_HOST_ROOT", on_host(made, made.services));
    made.data = made.lib_root / "data" / "postgres";
}

void read_call(Get get, Environment& made) {
    made.app = value(get, "DOKKU_APP_NAME");
    made.command = text(get, "DOKKU_COMMAND", "");
    made.ssh_user = text(get, "SSH_USER", text(get, "USER", ""));
    made.ssh_name = text(get, "SSH_NAME", text(get, "NAME", "default"));
    made.quiet = value(get, "DOKKU_QUIET_OUTPUT").has_value();
    made.trace = value(get, "DOKKU_TRACE") == "1";
    made.force = value(get, "DOKKU_APPS_FORCE_DELETE") == "1";
    made.no_restart = holds_word(text(get, "DOKKU_GLOBAL_FLAGS", ""), "--no-restart");
    made.terminal_in = terminal(get);
    made.ssh_terminal = value(get, "SSH_TTY").has_value();
    made.over_ssh = value(get, "SSH_CONNECTION").has_value();
    made.attended = made.over_ssh || isatty(STDERR_FILENO) == 1;
}

// NOLINTNEXTLINE(readability-const-return-type): the type that the header asks for
const std::optional<std::string> from_process(const char* name) {
    const char* found = std::getenv(name);
    return found == nullptr ? std::nullopt : std::optional<std::string>{found};
}

std::vector<std::pair<std::string, std::optional<std::string>>> inherited(
    const Environment& environment) {
    const auto core = environment.core_available.parent_path();
    return {
        {"DOKKU_LIB_ROOT", environment.lib_root},
        {"DOKKU_LIB_HOST_ROOT", environment.lib_host_root},
        {"DOKKU_SYSTEM_USER", environment.system_user},
        {"DOKKU_SYSTEM_GROUP", environment.system_group},
        {"DOCKER_BIN", environment.docker},
        {"PLUGIN_PATH", environment.plugin_path},
        {"PLUGIN_ENABLED_PATH", environment.plugin_enabled},
        {"PLUGIN_AVAILABLE_PATH", environment.plugin_available},
        {"PLUGIN_CORE_PATH", core},
        {"PLUGIN_CORE_AVAILABLE_PATH", environment.core_available},
        {"PLUGIN_CORE_ENABLED_PATH", core / "enabled"},
        // may hold `--password=..`
        {"DOKKU_GLOBAL_FLAGS", std::nullopt},
        {"SUDO_COMMAND", std::nullopt},
    };
}

}  // namespace

Environment read_environment(const std::optional<std::string> (*get)(const char*)) {
    Environment made;
    made.docker = text(get, "DOCKER_BIN", "docker");
    read_paths(get, made);
    read_call(get, made);
    made.image = text(get, "POSTGRES_IMAGE", "postgres");
    made.image_version = value(get, "POSTGRES_IMAGE_VERSION");
    made.config_options = value(get, "POSTGRES_CONFIG_OPTIONS");
    made.custom_env = value(get, "POSTGRES_CUSTOM_ENV");
    made.disable_pull = value(get, "POSTGRES_DISABLE_PULL") == "true";
    made.engine_timeout = seconds(get, "POSTGRES_ENGINE_TIMEOUT", made.engine_timeout);
    made.ambassador_image = text(get, "PLUGIN_AMBASSADOR_IMAGE", "dokku/ambassador:0.8.2");
    return made;
}

std::vector<std::pair<std::string, std::optional<std::string>>> child_environment(
    const Environment& environment) {
    auto all = inherited(environment);
    // looking up the user takes as long as all the rest of a hook
    all.emplace_back("DOKKU_ROOT", environment.dokku_root.empty() ? home_of(environment.system_user)
                                                                  : environment.dokku_root);
    return all;
}

const Environment& environment() {
    static const Environment once = [] {
        Environment made = read_environment(from_process);
        for (const auto& [name, wanted] : inherited(made)) {
            if (wanted) {
                setenv(name.c_str(), wanted->c_str(), 1);
            } else {
                unsetenv(name.c_str());
            }
        }
        // the constants that the dokku script exports, and the PATH of cron if there is none
        setenv("DOKKU_API_VERSION", "1", 0);
        setenv("DOKKU_NOT_IMPLEMENTED_EXIT", "10", 0);
        setenv("DOKKU_VALID_EXIT", "0", 0);
        setenv("DOKKU_LOGS_DIR", "/var/log/dokku", 0);
        setenv("DOKKU_EVENTS_LOGFILE", "/var/log/dokku/events.log", 0);
        setenv("PATH", "/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin", 0);
        return made;
    }();
    return once;
}

}  // namespace host
