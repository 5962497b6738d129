// The plugin's manual page, where `man dokku-postgres` finds it.
#pragma once

#include <filesystem>

#include "host/environment.h"

namespace host {

/// The folder of the host's manual that our page belongs in; empty for a Dokku in another place
/// than the usual one, which is not the host's only one, and for anybody but root.
std::filesystem::path manual_of(const Environment& environment);

/// Links the page of the plugin in that folder into the manual, if there is one; leaves a page that
/// is not ours alone. Throws Error.
void link_manual_page(const std::filesystem::path& manual, const std::filesystem::path& plugin);

/// Removes the link again, of whichever version of the plugin. Throws Error.
void unlink_manual_page(const std::filesystem::path& manual);

}  // namespace host
