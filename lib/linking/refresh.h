// Compares an app's config with the records of its links and corrects it. All commands and hooks
// use this function.
#pragma once

#include <string>
#include <vector>

#include "service/service.h"

namespace linking {

/// Corrects the variables of the app's links. Reads the config once, and writes only if something
/// differs. Prints a warning for each corrected variable, with its name and without its value, and
/// returns these names. Takes the app's lock before it writes; the caller holds none. Throws Error.
std::vector<std::string> refresh(const service::Context& context, const std::string& app);

}  // namespace linking
