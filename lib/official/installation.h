// What happens to the host when the plugin comes, is updated, or goes.
#pragma once

#include <filesystem>

#include "service/service.h"

namespace official {

/// Makes our folders and network, takes every service found over as it lies, and says in a few
/// lines what there is. Warns of what does not work and goes on, because an install that fails
/// stops those of all plugins after it; throws Error only when our programs cannot run on this
/// host. `plugin` is the plugin's own folder.
void install(const service::Context& context, const std::filesystem::path& plugin);
/// Brings libpq, the one library that programs of ours need beyond libc: says how where we are not
/// root. Throws Error only when our programs cannot run on this host.
void install_dependencies(const std::filesystem::path& plugin);
/// Gives everything back to the official plugin: the files that it reads, and its `--link` option
/// to every linked app. Warns of what it cannot.
void give_back(const service::Context& context);

}  // namespace official
