// The one function that compares an app's config with the records of its links and repairs it.
#pragma once

#include <string>
#include <vector>

#include "service/service.h"

namespace linking {

/// Puts every variable of the app's links right: one read of its config, no write when all is true,
/// one warning a repaired variable that names it and not its value. Returns the names of those.
/// Takes the app's lock when there is something to write; the caller holds none.
std::vector<std::string> refresh(const service::Context& context, const std::string& app);

}  // namespace linking
