// The plugin's manual page, where `man dokku-postgres` finds it.
#pragma once

#include <filesystem>

#include "host/environment.h"

namespace host {

/// The folder of the host's man pages. Empty unless the caller is root and Dokku is in
/// /var/lib/dokku: otherwise the host may have several of them.
std::filesystem::path manual_of(const Environment& environment);

/// Links the man page of the plugin in that folder into `manual`. Does nothing if `manual` is empty
/// or has another page of that name. Throws Error.
void link_manual_page(const std::filesystem::path& manual, const std::filesystem::path& plugin);

/// Removes the link, also that of another version of the plugin. Throws Error.
void unlink_manual_page(const std::filesystem::path& manual);

}  // namespace host
