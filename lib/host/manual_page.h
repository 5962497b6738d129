// The plugin's manual page, where `man dokku-postgres` finds it.
#pragma once

#include <filesystem>

#include "host/environment.h"

namespace host {

/// The folder of the host's manual for our page. Empty unless the caller is root and Dokku is in
/// /var/lib/dokku: one that is elsewhere may be one of several on the host.
std::filesystem::path manual_of(const Environment& environment);

/// Links the page that the plugin in that folder has into the manual; does nothing without a
/// manual, or if a page that is not ours is there. Throws Error.
void link_manual_page(const std::filesystem::path& manual, const std::filesystem::path& plugin);

/// Removes the link again, also one that another version of the plugin made. Throws Error.
void unlink_manual_page(const std::filesystem::path& manual);

}  // namespace host
