// Dokku over its helper programs, one process per call, and plugn.
#include "host/dokku.h"

#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <boost/json.hpp>
#include <cstdlib>
#include <filesystem>
#include <iterator>
#include <optional>
#include <system_error>
#include <utility>

#include "error/error.h"
#include "host/answers.h"
#include "host/child_environment.h"
#include "host/folder.h"
#include "host/log.h"
#include "process/process.h"

namespace host {

namespace {

namespace fs = std::filesystem;

constexpr const char* plugin = "postgres";
constexpr const char* events = "20_events";
constexpr std::array<const char*, 3> phases = {"build", "deploy", "run"};

bool is_key(std::string_view key) {
    const auto letter = [](char c) { return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z'); };
    const auto digit = [](char c) { return c >= '0' && c <= '9'; };
    return !key.empty() && !digit(key.front()) && std::all_of(key.begin(), key.end(), [&](char c) {
        return letter(c) || digit(c) || c == '_';
    });
}

// The helpers accept any word as an app, even `--global`.
void check_app(const std::string& app) {
    if (app.empty()) throw usage_error("Please specify an app to run the command on");
    if (!is_app_name(app)) {
        throw usage_error("app name '" + printable(app) + "' is not valid",
                          "It begins with a lowercase letter or a digit, and holds only lowercase "
                          "letters, digits, dots, hyphens and underscores.");
    }
}

void check_keys(const std::vector<std::string>& keys) {
    for (const auto& key : keys) {
        if (!is_key(key)) {
            throw usage_error("'" + printable(key) + "' is not the name of a variable",
                              "A name holds letters, digits and underscores, and begins with no "
                              "digit.");
        }
    }
}

std::string base64(std::string_view bytes) {
    constexpr std::string_view digits =
        "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
    std::string made;
    for (std::size_t at = 0; at < bytes.size(); at += 3) {
        const auto group = bytes.substr(at, 3);
        unsigned bits = 0;
        for (std::size_t i = 0; i < 3; ++i) {
            bits = (bits << 8U) | (i < group.size() ? static_cast<unsigned char>(group[i]) : 0U);
        }
        for (std::size_t i = 0; i < 4; ++i) {
            made.push_back(i <= group.size() ? digits[(bits >> (18U - 6U * i)) & 0x3fU] : '=');
        }
    }
    return made;
}

// The last line of a helper's stderr as a hint; empty if it holds one of these secret values.
std::string error_hint(const process::Result& result, const Config& secrets = {}) {
    return host::error_hint(result.err, secrets);
}

class Host : public Dokku {
public:
    explicit Host(Environment environment) : environment_(std::move(environment)) {}

    void verify_app(const std::string& app) override {
        check_app(app);
        // as the caller: a filter plugin may hide the app from this user
        const auto result = process::run(
            command({helper("common"), "--quiet", "verify-app-name", app}, ActAs::caller));
        if (result.ok()) return;
        if (result.status == static_cast<int>(Exit::no_app)) {
            throw no_app(app);
        }
        throw Error{"cannot ask Dokku for the app '" + app + "'", error_hint(result)};
    }

    bool app_exists(const std::string& app) override {
        if (!is_app_name(app)) return false;
        const auto result =
            process::run(command({helper("common"), "--quiet", "verify-app-name", app}));
        if (result.ok()) return true;
        if (result.status != static_cast<int>(Exit::no_app)) {
            throw Error{"cannot ask Dokku for the app '" + app + "'", error_hint(result)};
        }
        // 20 also means that a filter plugin hides the app
        if (!others_have("user-auth-app")) return false;
        const auto all = apps();
        return std::binary_search(all.begin(), all.end(), app);
    }

    std::vector<std::string> apps() override {
        const auto result = process::run(command({"plugn", "trigger", "app-list", "false"}));
        if (!result.ok()) throw Error{"cannot list the apps of this host", error_hint(result)};
        auto found = lines_of(result.out);
        // DOKKU_ROOT has other folders too
        std::erase_if(found, [](const std::string& name) { return !is_app_name(name); });
        std::sort(found.begin(), found.end());
        return found;
    }

    Config config(const std::string& app) override {
        check_app(app);
        const auto result =
            process::run(command({config_sub(), "export", "--format", "json", app}));
        if (!result.ok())
            throw Error{"cannot read the config of app '" + app + "'", error_hint(result)};
        return read_config(app, result.out);
    }

    void set_config(const std::string& app, const Config& variables) override {
        check_app(app);
        std::vector<std::string> keys;
        for (const auto& [key, value] : variables) keys.push_back(key);
        check_keys(keys);
        if (variables.empty()) return;
        const auto result = process::run(setter(app, variables, act_as(app)));
        if (result.status == static_cast<int>(Exit::no_app)) throw no_app(app);
        if (!result.ok()) {
            throw Error{"cannot write the config of app '" + app + "'",
                        error_hint(result, variables)};
        }
        // the helper exits with 0 even if the write failed
        const Config kept = config(app);
        for (const auto& [key, value] : variables) {
            const auto found = kept.find(key);
            if (found == kept.end() || found->second != value) not_kept(app, key);
        }
    }

    void unset_config(const std::string& app, const std::vector<std::string>& keys) override {
        check_app(app);
        check_keys(keys);
        if (keys.empty()) return;
        std::vector<std::string> argv = {config_sub(), "unset", "--no-restart", app};
        argv.insert(argv.end(), keys.begin(), keys.end());
        const auto result = process::run(quiet(command(std::move(argv))));
        if (!result.ok())
            throw Error{"cannot write the config of app '" + app + "'", error_hint(result)};
        const Config kept = config(app);
        for (const auto& key : keys) {
            if (kept.contains(key)) not_kept(app, key);
        }
    }

    bool deployed(const std::string& app) override {
        check_app(app);
        return process::run(command({helper("common"), "--quiet", "is-deployed", app})).ok();
    }

    bool restores(const std::string& app) override {
        check_app(app);
        const auto result =
            process::run(command({"plugn", "trigger", "ps-get-property", app, "restore"}));
        const std::string answer = result.ok() ? last_line(result.out) : std::string{};
        if (!answer.empty()) return answer != "false";
        // before Dokku 0.38 it was a variable of the app
        const Config variables = config(app);
        const auto found = variables.find("DOKKU_APP_RESTORE");
        return found == variables.end() || found->second != "0";
    }

    void deploy(const std::string& app) override {
        check_app(app);
        const ActAs as = act_as(app);
        const auto deploy = command({"plugn", "trigger", "release-and-deploy", app}, as);
        const bool seen = as == ActAs::caller;
        const int status = seen ? shown(deploy) : process::run_on(deploy, {-1, -1, -1});
        if (status != 0 && !seen) throw Error{"the deploy of an app of somebody else failed"};
        if (status != 0) {
            throw Error{"the deploy of app '" + app + "' failed",
                        "Run 'dokku ps:rebuild " + app + "' once the problem above is solved."};
        }
    }

    std::string scheduler(const std::string& app) override {
        check_app(app);
        const auto result =
            process::run(command({helper("common"), "--quiet", "scheduler-detect", app}));
        if (!result.ok()) {
            throw Error{"cannot ask Dokku for the scheduler of app '" + app + "'",
                        error_hint(result)};
        }
        std::string name = last_line(result.out);
        return name.empty() ? "docker-local" : name;
    }

    void trigger(const std::string& name, const std::vector<std::string>& args) override {
        // plugn forks 76 times even if no plugin has the trigger
        if (!listens(name)) return;
        std::vector<std::string> argv = {"plugn", "trigger", name};
        argv.insert(argv.end(), args.begin(), args.end());
        const int status = shown(command(std::move(argv), ActAs::caller));
        if (status == 0) return;
        std::string what = name;
        for (const auto& arg : args) what += " " + printable(arg);
        throw Error{"a plugin refused '" + what + "'", {}, static_cast<Exit>(status)};
    }

    // 20_events only logs triggers, and only if events are enabled.
    bool listens(const std::string& name) override {
        const auto runs = [](const fs::path& file) { return access(file.c_str(), X_OK) == 0; };
        const auto others = implementers(name);
        if (std::any_of(others.begin(), others.end(), runs)) return true;
        const char* on = std::getenv("DOKKU_EVENTS");
        return on != nullptr && *on != '\0' && runs(environment_.plugin_enabled / events / name);
    }

    std::vector<std::string> visible(const std::vector<std::string>& services) override {
        // a filter that cannot be executed prints nothing; then nothing is visible
        if (services.empty() || !others_have("user-auth-service")) return services;
        return passed({"user-auth-service", environment_.ssh_user, environment_.ssh_name, plugin},
                      services);
    }

    std::vector<std::string> visible_apps(const std::vector<std::string>& apps) override {
        if (apps.empty() || !others_have("user-auth-app")) return apps;
        return passed({"user-auth-app", environment_.ssh_user, environment_.ssh_name}, apps);
    }

    bool is_filtered() override {
        return environment_.ssh_user != "root" &&
               (others_have("user-auth-service") || others_have("user-auth-app"));
    }

    std::string property(const std::string& service, const std::string& key) override {
        const auto cached = properties_.find(service);
        const auto& all = cached != properties_.end() ? cached->second : ask_properties(service);
        const auto found = all.find(key);
        return found == all.end() ? std::string{} : found->second;
    }

    void set_property(const std::string& service, const std::string& key,
                      const std::string& value) override {
        properties_.erase(service);
        const auto result =
            process::run(command({helper("prop"), "set", plugin, service, key, value}));
        if (!result.ok()) {
            throw Error{"cannot write the property '" + key + "' of service '" + service + "'",
                        error_hint(result)};
        }
    }

    void destroy_properties(const std::string& service) override {
        // `_all_` would remove the properties of every service
        if (service.empty() || service == "_all_") {
            throw Error{"service '" + service + "' has no properties"};
        }
        properties_.erase(service);
        const auto result = process::run(command({helper("prop"), "destroy", plugin, service}));
        if (!result.ok()) {
            throw Error{"cannot remove the properties of service '" + service + "'",
                        error_hint(result)};
        }
    }

    void add_docker_option(const std::string& app, const std::string& option) override {
        // since 0.38 `add` stores an option twice if it exists
        std::string missing;
        for (const char* phase : phases) {
            const auto there = docker_options(app, phase);
            if (std::find(there.begin(), there.end(), option) != there.end()) continue;
            missing += (missing.empty() ? "" : ",") + std::string{phase};
        }
        if (!missing.empty()) change_option("add", app, missing, option);
    }

    void remove_docker_option(const std::string& app, const std::string& option) override {
        change_option("remove", app, "build,deploy,run", option);
    }

    std::vector<std::string> docker_options(const std::string& app,
                                            const std::string& phase) override {
        check_app(app);
        const std::string list = subcommand("docker-options", "list");
        const bool has_list = access(list.c_str(), X_OK) == 0;
        const auto result = process::run(command(
            has_list ? std::vector<std::string>{list, "docker-options:list", app, "--phase", phase}
                     : std::vector<std::string>{subcommand("docker-options", "report"),
                                                "docker-options:report", app,
                                                "--docker-options-" + phase}));
        if (!result.ok()) {
            throw Error{"cannot read the docker options of app '" + app + "'", error_hint(result)};
        }
        return has_list ? lines_of(result.out) : split_options(last_line(result.out));
    }

private:
    /// The user that a filter plugin sees. Hooks and records act for the host.
    enum class ActAs { host, caller };

    // A filter may know only its own users and refuse the host. So we act as the caller if the
    // caller may see the app, otherwise as the host.
    ActAs act_as(const std::string& app) {
        return visible_apps({app}).empty() ? ActAs::host : ActAs::caller;
    }

    std::string helper(const char* name) const {
        return environment_.core_available / "common" / name;
    }

    std::string config_sub() const {
        return environment_.plugin_available / "config" / "config_sub";
    }

    std::string subcommand(const char* of, const char* name) const {
        return environment_.plugin_available / of / "subcommands" / name;
    }

    // The working directory is /, because a file `.plugn` in the caller's would choose other
    // plugins.
    process::Command command(std::vector<std::string> argv, ActAs seen = ActAs::host) const {
        process::Command made{.argv = std::move(argv),
                              .environment = child_environment(environment_)};
        made.directory = "/";
        // Dokku's core inserts it before the arguments of the programs it calls
        made.environment.emplace_back("DOKKU_APP_NAME", std::nullopt);
        if (seen == ActAs::host && others_have("user-auth-app")) {
            made.environment.emplace_back("SSH_USER", "root");
            made.environment.emplace_back("SSH_NAME", "default");
        }
        return made;
    }

    // Dokku prints each variable with its value unless it is told to be quiet.
    static process::Command quiet(process::Command command) {
        command.environment.emplace_back("DOKKU_QUIET_OUTPUT", "1");
        return command;
    }

    // Runs a program whose output the user sees. It goes to stderr, because stdout is for our
    // results.
    static int shown(const process::Command& command) {
        return process::run_on(command, {.in = -1, .out = STDERR_FILENO, .err = STDERR_FILENO});
    }

    process::Command setter(const std::string& app, const Config& variables, ActAs seen) const {
        const std::string import = subcommand("config", "import");
        if (access(import.c_str(), X_OK) == 0) {
            auto made = quiet(command(
                {import, "config:import", "--no-restart", "--format", "json", app, "-"}, seen));
            boost::json::object object;
            for (const auto& [key, value] : variables) object[key] = value;
            made.input = boost::json::serialize(object);
            return made;
        }
        // before Dokku 0.37 there is no way but argv
        std::vector<std::string> argv = {config_sub(), "set", "--no-restart", "--encoded", app};
        for (const auto& [key, value] : variables) argv.push_back(key + "=" + base64(value));
        return quiet(command(std::move(argv), seen));
    }

    static Error no_app(const std::string& app) {
        return Error{"App " + app + " does not exist", {}, Exit::no_app};
    }

    [[noreturn]] static void not_kept(const std::string& app, const std::string& key) {
        throw Error{"Dokku did not keep the change of '" + key + "' of app '" + app + "'",
                    "Look for a full disk, or for config files that the dokku user cannot write."};
    }

    // The plugins other than 20_events that have a file of this name at their root.
    std::vector<fs::path> implementers(const std::string& name) const {
        std::vector<fs::path> found;
        Folder enabled{environment_.plugin_enabled};
        while (const char* other = enabled.next()) {
            if (std::string_view{other} == events) continue;
            const std::string file = std::string{other} + "/" + name;
            struct stat status {};
            if (::fstatat(enabled.descriptor(), file.c_str(), &status, 0) == 0 &&
                S_ISREG(status.st_mode)) {
                found.push_back(environment_.plugin_enabled / file);
            }
        }
        return found;
    }

    // The names that a filter plugin passes, in our order.
    std::vector<std::string> passed(std::vector<std::string> filter,
                                    const std::vector<std::string>& names) const {
        filter.insert(filter.begin(), {"plugn", "trigger"});
        filter.insert(filter.end(), names.begin(), names.end());
        auto answer = lines_of(process::run(command(std::move(filter), ActAs::caller)).out);
        std::sort(answer.begin(), answer.end());
        std::vector<std::string> seen;
        std::copy_if(names.begin(), names.end(), std::back_inserter(seen), [&](const auto& name) {
            return std::binary_search(answer.begin(), answer.end(), name);
        });
        return seen;
    }

    bool others_have(const std::string& name) const { return !implementers(name).empty(); }

    const std::map<std::string, std::string>& ask_properties(const std::string& service) {
        const auto result = process::run(command({helper("prop"), "get-all", plugin, service}));
        if (!result.ok()) {
            throw Error{"cannot read the properties of service '" + service + "'",
                        error_hint(result)};
        }
        return properties_[service] = read_properties(result.out);
    }

    void change_option(const char* verb, const std::string& app, const std::string& where,
                       const std::string& option) const {
        check_app(app);
        const auto result =
            process::run(command({subcommand("docker-options", verb),
                                  std::string{"docker-options:"} + verb, app, where, option}));
        if (!result.ok()) {
            throw Error{"cannot change the docker options of app '" + app + "'",
                        error_hint(result)};
        }
    }

    Environment environment_;
    /// One process for all properties of a service.
    std::map<std::string, std::map<std::string, std::string>> properties_;
};

}  // namespace

std::unique_ptr<Dokku> dokku(const Environment& environment) {
    return std::make_unique<Host>(environment);
}

bool is_app_name(std::string_view name) {
    const auto inner = [](char c) {
        return (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '.' || c == '_' || c == '-';
    };
    return !name.empty() && inner(name.front()) && name.front() != '.' && name.front() != '_' &&
           name.front() != '-' && std::all_of(name.begin(), name.end(), inner);
}

}  // namespace host
