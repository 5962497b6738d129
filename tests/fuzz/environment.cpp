// What Dokku hands us through the environment: paths and defaults for whatever stands there.
#include "host/environment.h"

#include <algorithm>
#include <map>

#include "fuzz.h"
#include "host/child_environment.h"

namespace {

std::map<std::string, std::string, std::less<>> variables;

// NOLINTNEXTLINE(readability-const-return-type): the type that the header asks for
const std::optional<std::string> lookup(const char* name) {
    const auto found = variables.find(name);
    if (found == variables.end()) return std::nullopt;
    return found->second;
}

}  // namespace

// Variables NAME=VALUE, a NUL after each, as in /proc/PID/environ.
void attack(std::string_view bytes) {
    variables.clear();
    for (const auto& line : fuzz::parts(bytes, '\0')) {
        const auto end = line.find('=');
        if (end != std::string::npos) variables[line.substr(0, end)] = line.substr(end + 1);
    }
    const auto made = host::read_environment(lookup);
    for (const auto& path :
         {made.lib_root, made.lib_host_root, made.plugin_path, made.plugin_enabled,
          made.plugin_available, made.core_available, made.services, made.services_host, made.data})
        fuzz::hold(!path.empty(),
                   "every path has a default, but for the one that costs a question");
    fuzz::hold(!made.docker.empty() && !made.image.empty() && !made.ssh_name.empty() &&
                   !made.system_user.empty() && !made.system_group.empty(),
               "every name has a default");
    fuzz::hold(!made.image_version || !made.image_version->empty(), "an empty value is none");
    const auto words = fuzz::parts(variables["DOKKU_GLOBAL_FLAGS"], ' ');
    fuzz::hold(
        made.no_restart == (std::find(words.begin(), words.end(), "--no-restart") != words.end()),
        "--no-restart is a word of its own");
    for (const auto& [name, value] : host::child_environment(made))
        fuzz::hold(name != "DOKKU_GLOBAL_FLAGS" || !value, "flags do not reach what we start");
}
