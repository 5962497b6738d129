// What the official plugin leaves in the host's /etc, with which the user dokku acts as root.
#pragma once

#include "host/environment.h"

namespace official {

/// Removes the official plugin's sudo rules (chown, chmod, mv and rm as root) and the temporary
/// file of its cron jobs, and says so: nothing in this plugin calls sudo. A file with rules of
/// somebody else stays, with a warning. Does nothing unless run as root. Throws Error.
void remove_sudo_rules(const host::Environment& environment);

}  // namespace official
