// lib/host/environment: a default for everything, and nothing secret for our children.
#include "host/environment.h"

#include <pwd.h>

#include <map>

#include "fakes/catch.h"
#include "host/child_environment.h"

namespace {

using Given = std::map<std::string, std::string>;

// read_environment takes a bare function: what it looks up stands here.
Given& given() {
    static Given variables;
    return variables;
}

// NOLINTNEXTLINE(readability-const-return-type): the type that the function asks for
const std::optional<std::string> get(const char* name) {
    const auto found = given().find(name);
    return found == given().end() ? std::nullopt : std::optional<std::string>{found->second};
}

host::Environment read(Given variables) {
    given() = std::move(variables);
    return host::read_environment(get);
}

}  // namespace

TEST_CASE("nothing set at all", "[host]") {
    const auto made = read({});
    CHECK(made.dokku_root.empty());
    CHECK(made.docker == "docker");
    CHECK(made.lib_root == "/var/lib/dokku");
    CHECK(made.lib_host_root == "/var/lib/dokku");
    CHECK(made.plugin_path == "/var/lib/dokku/plugins");
    CHECK(made.plugin_enabled == "/var/lib/dokku/plugins/enabled");
    CHECK(made.plugin_available == "/var/lib/dokku/plugins/available");
    CHECK(made.core_available == "/var/lib/dokku/core-plugins/available");
    CHECK(made.services == "/var/lib/dokku/services/postgres");
    CHECK(made.services_host == "/var/lib/dokku/services/postgres");
    CHECK(made.data == "/var/lib/dokku/data/postgres");
    CHECK(made.system_user == "dokku");
    CHECK(made.system_group == "dokku");
    CHECK_FALSE(made.app);
    CHECK(made.ssh_user.empty());
    CHECK(made.ssh_name == "default");
    CHECK_FALSE(made.quiet);
    CHECK_FALSE(made.trace);
    CHECK_FALSE(made.force);
    CHECK_FALSE(made.no_restart);
    CHECK(made.image == "postgres");
    CHECK_FALSE(made.image_version);
    CHECK_FALSE(made.disable_pull);
    CHECK(made.ambassador_image == "dokku/ambassador:0.8.2");
}

TEST_CASE("a trigger run by hand has PLUGIN_PATH alone", "[host]") {
    const auto made = read({{"PLUGIN_PATH", "/srv/dokku/plugins"}});
    CHECK(made.lib_root == "/srv/dokku");
    CHECK(made.plugin_enabled == "/srv/dokku/plugins/enabled");
    CHECK(made.core_available == "/srv/dokku/core-plugins/available");
    CHECK(made.services == "/srv/dokku/services/postgres");
    CHECK(read({{"PLUGIN_PATH", "/opt/elsewhere"}}).lib_root == "/var/lib/dokku");
    CHECK(read({{"DOKKU_LIB_PATH", "/data"}, {"PLUGIN_PATH", "/x/plugins"}}).lib_root == "/data");
    CHECK(read({{"DOKKU_LIB_ROOT", "/a"}, {"DOKKU_LIB_PATH", "/b"}}).lib_root == "/a");
}

TEST_CASE("an engine that sees other paths is told them", "[host]") {
    const auto made = read({{"DOKKU_LIB_HOST_ROOT", "/mnt/host"}});
    CHECK(made.services_host == "/mnt/host/services/postgres");
    CHECK(read({{"POSTGRES_ROOT", "/pg"}, {"DOKKU_LIB_HOST_ROOT", "/mnt"}}).services_host == "/pg");
    CHECK(read({{"POSTGRES_ROOT", "/pg"}, {"POSTGRES_HOST_ROOT", "/q"}}).services_host == "/q");
    CHECK(read({{"POSTGRES_ROOT", "/var/lib/dokku/pg"}, {"DOKKU_LIB_HOST_ROOT", "/mnt"}})
              .services_host == "/mnt/pg");
}

TEST_CASE("flags of a call", "[host]") {
    const auto made = read({{"DOKKU_APP_NAME", "web"},
                            {"DOKKU_QUIET_OUTPUT", "1"},
                            {"DOKKU_TRACE", "1"},
                            {"DOKKU_APPS_FORCE_DELETE", "1"},
                            {"DOKKU_GLOBAL_FLAGS", "--app=web --no-restart --quiet"},
                            {"SSH_USER", "dokku"},
                            {"SSH_NAME", "anna"},
                            {"POSTGRES_DISABLE_PULL", "true"},
                            {"POSTGRES_IMAGE_VERSION", "16"}});
    CHECK(made.app == "web");
    CHECK(made.quiet);
    CHECK(made.trace);
    CHECK(made.force);
    CHECK(made.no_restart);
    CHECK(made.ssh_user == "dokku");
    CHECK(made.ssh_name == "anna");
    CHECK(made.disable_pull);
    CHECK(made.image_version == "16");
}

TEST_CASE("how long an unanswered question to the engine is waited for", "[host]") {
    CHECK(read({}).engine_timeout == std::chrono::seconds{60});
    CHECK(read({{"POSTGRES_ENGINE_TIMEOUT", "9999"}}).engine_timeout == std::chrono::seconds{9999});
    for (const char* no_time : {"", "0", "-1", "1s", "1.5", "10000", "99999999999999999999"})
        CHECK(read({{"POSTGRES_ENGINE_TIMEOUT", no_time}}).engine_timeout ==
              std::chrono::seconds{60});
}

TEST_CASE("empty is unset, and a part of a flag is none", "[host]") {
    const auto made = read({{"DOKKU_APP_NAME", ""},
                            {"DOKKU_QUIET_OUTPUT", ""},
                            {"DOKKU_TRACE", "0"},
                            {"DOKKU_GLOBAL_FLAGS", "--password=--no-restart --no-restarts"},
                            {"POSTGRES_IMAGE", ""},
                            {"DOKKU_LIB_ROOT", ""}});
    CHECK_FALSE(made.app);
    CHECK_FALSE(made.quiet);
    CHECK_FALSE(made.trace);
    CHECK_FALSE(made.no_restart);
    CHECK(made.image == "postgres");
    CHECK(made.lib_root == "/var/lib/dokku");
    CHECK(read({{"USER", "root"}, {"NAME", "key"}}).ssh_user == "root");
    CHECK(read({{"USER", "root"}, {"NAME", "key"}}).ssh_name == "key");
}

TEST_CASE("a terminal is one that is not denied", "[host]") {
    CHECK(read({{"DOKKU_FORCE_TTY", "true"}}).terminal_in);
    CHECK_FALSE(read({{"DOKKU_DISABLE_TTY", "true"}}).terminal_in);
    CHECK_FALSE(read({{"DOKKU_DISABLE_TTY", "true"}, {"DOKKU_FORCE_TTY", "true"}}).terminal_in);
}

TEST_CASE("children are told where all is, and never a password", "[host]") {
    Given told;
    std::vector<std::string> removed;
    for (const auto& [name, value] :
         host::child_environment(read({{"PLUGIN_PATH", "/d/plugins"}}))) {
        if (value) {
            told[name] = *value;
        } else {
            removed.push_back(name);
        }
    }
    CHECK(told["DOKKU_LIB_ROOT"] == "/d");
    CHECK(told["PLUGIN_PATH"] == "/d/plugins");
    CHECK(told["PLUGIN_AVAILABLE_PATH"] == "/d/plugins/available");
    CHECK(told["PLUGIN_CORE_PATH"] == "/d/core-plugins");
    CHECK(told["PLUGIN_CORE_AVAILABLE_PATH"] == "/d/core-plugins/available");
    CHECK(told["PLUGIN_CORE_ENABLED_PATH"] == "/d/core-plugins/enabled");
    CHECK(removed == std::vector<std::string>{"DOKKU_GLOBAL_FLAGS", "SUDO_COMMAND"});
}

TEST_CASE("a terminal of ssh is known by sshd's variable", "[host]") {
    CHECK(read({{"SSH_TTY", "/dev/pts/0"}}).ssh_terminal);
    CHECK_FALSE(read({}).ssh_terminal);
}
