// What the install and update hooks do as root: folders, owners, the place for our properties.
#pragma once

#include <sys/types.h>

#include <filesystem>
#include <string>
#include <vector>

#include "host/environment.h"

namespace host {

/// Makes a folder, and what is missing above it (0755), for Dokku's user; a folder that is there
/// gets the mode, a link to a folder stays as the operator made it. Throws Error.
void make_folder(const Environment& environment, const std::filesystem::path& folder, mode_t mode);

/// Gives a path (a link itself, never what it leads to) to Dokku's system user and group; says
/// whether it is theirs now. Only root can give; for anybody else it answers alone.
bool own(const Environment& environment, const std::filesystem::path& path);

/// The same for all below a folder that belongs to root, itself included: what is a container's
/// user's stays so. Entries of the folder with these names are left out. Says whether all of it
/// went.
bool own_all(const Environment& environment, const std::filesystem::path& folder,
             const std::vector<std::string>& except = {});

/// Makes Dokku's place for properties of this plugin, as its own plugins do on install. Throws
/// Error.
void setup_properties(const Environment& environment);

}  // namespace host
