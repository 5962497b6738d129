// The work of the install and update hooks as root: folders, owners, the place for our properties.
#pragma once

#include <sys/types.h>

#include <filesystem>
#include <string>
#include <vector>

#include "host/environment.h"

namespace host {

/// Creates a folder and its missing parents (0755) for Dokku's user. A folder that exists gets the
/// mode; a link to a folder is left as it is. Throws Error.
void make_folder(const Environment& environment, const std::filesystem::path& folder, mode_t mode);

/// Changes the owner of a path (of a link itself, not of its target) to Dokku's user and group.
/// Returns whether it is theirs now. Only root can change it; for others it only checks.
bool give_to_dokku(const Environment& environment, const std::filesystem::path& path);

/// Changes the owner of everything in a folder, and of the folder, that belongs to root; files of a
/// container's user keep it. Skips the entries of the folder named in `except`. Returns whether all
/// of it could be changed.
bool give_all_to_dokku(const Environment& environment, const std::filesystem::path& folder,
                       const std::vector<std::string>& except = {});

/// Creates the place for this plugin's properties in Dokku, as the core plugins do on install.
/// Throws Error.
void setup_properties(const Environment& environment);

}  // namespace host
