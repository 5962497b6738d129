// Installing, updating and uninstalling the plugin.
#pragma once

#include <filesystem>

#include "service/service.h"

namespace official {

/// Creates our folders and network, takes over every service it finds, and prints a summary. Warns
/// of what fails and goes on, because a failing install stops those of all plugins after it. Throws
/// Error only if our programs cannot run on this host. `plugin` is the plugin's folder.
void install(const service::Context& context, const std::filesystem::path& plugin);
/// Installs libpq, the only library that our programs need besides libc; if we are not root, prints
/// how to do it. Throws Error only if our programs cannot run on this host.
void install_dependencies(const std::filesystem::path& plugin);
/// Gives everything back to the official plugin: writes the files that it reads, and adds its
/// `--link` option to every linked app. Warns of what fails.
void give_back(const service::Context& context);

}  // namespace official
