// What must be true before a container of a linked app starts.
#pragma once

#include <filesystem>
#include <string>
#include <vector>

#include "service/service.h"

namespace linking {

/// Brings every service that the app is linked to up and onto our network, takes official links
/// over, waits for the servers by running `wait` (empty: the plugin's own program) for each side
/// by side (hooks link no libpq), then
/// puts the app's variables right. Returns the names of those repaired. Nothing at all for an app
/// without links. Throws Error when a service does not get ready.
std::vector<std::string> prepare(const service::Context& context, const std::string& app,
                                 const std::filesystem::path& wait = {});
/// Brings every service up that any app is linked to, without waiting for it; warns of those that
/// cannot be.
void bring_up_linked(const service::Context& context);
/// The program `subcommands/wait` of the plugin that this hook belongs to.
std::filesystem::path wait_program();
/// Whether the image of that tag keeps the app's config inside, as herokuish does:
/// a container made from it sees repaired variables only after a rebuild.
bool bakes_config(const service::Context& context, const std::string& app, const std::string& tag);

}  // namespace linking
