// What the official plugin leaves in the host's /etc, with which the user dokku acts as root.

#include "official/sudo_rules.h"

#include <unistd.h>

#include <algorithm>
#include <string>

#include "host/log.h"
#include "state/files.h"

namespace official {

namespace {

// Each of its rules lets the group dokku run one program, on its cron files or on its services.
bool is_official(const std::string& rule, const host::Environment& environment) {
    if (rule.starts_with('#')) return true;
    return rule.starts_with("%dokku ALL=(ALL) NOPASSWD:/bin/") &&
           (rule.ends_with("/etc/cron.d/dokku-postgres-*") ||
            rule.ends_with(" " + environment.services.string() + "/*"));
}

}  // namespace

void remove_sudo_rules(const host::Environment& environment) {
    if (::geteuid() != 0) return;
    const auto file = environment.sudoers / "dokku-postgres";
    const auto rules = state::read_lines(file);
    if (std::all_of(rules.begin(), rules.end(),
                    [&](const auto& rule) { return is_official(rule, environment); })) {
        state::remove_file(file);
        state::remove_file(environment.services / ".TMP_CRON_FILE");
        if (!rules.empty()) {
            host::info1("Postgres: removed " + file.string() +
                        ", the official plugin's sudo rules, which this plugin does not need");
        }
        return;
    }
    host::warn(file.string() +
               " holds sudo rules that are not the official plugin's: remove it as root unless "
               "something else needs them");
}

}  // namespace official
