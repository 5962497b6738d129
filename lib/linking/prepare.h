// Prepares the services of a linked app before a container of the app starts.
#pragma once

#include <filesystem>
#include <string>
#include <vector>

#include "service/service.h"

namespace linking {

/// Starts every service that the app is linked to, connects it to our network, takes over links of
/// the official plugin, waits until the servers answer, and corrects the app's variables. It waits
/// by running the program `wait` (empty: that of the plugin) once for each service at the same
/// time, because hooks do not link libpq. Returns the names of corrected variables. Does nothing
/// for an app without links. Throws Error if a service does not answer.
std::vector<std::string> prepare(const service::Context& context, const std::string& app,
                                 const std::filesystem::path& wait = {});
/// Starts every service that an app is linked to, without waiting until it answers. Warns of those
/// that cannot be started.
void bring_up_linked(const service::Context& context);
/// The program `subcommands/wait` of the plugin that this hook belongs to.
std::filesystem::path wait_program();
/// Whether the image of that tag contains the app's config, as those of herokuish do. A container
/// made from it sees corrected variables only after a rebuild.
bool bakes_config(const service::Context& context, const std::string& app, const std::string& tag);

}  // namespace linking
