// The one function that compares an app's config with the records of its links and repairs it.
#pragma once

#include <string>
#include <vector>

#include "service/service.h"

namespace service {

/// Puts every variable of the app's links right: one read of its config, no write when all is true,
/// one warning a repaired variable that names it and not its value. Returns the names of those.
/// Takes the app's lock when there is something to write; the caller holds none.
std::vector<std::string> refresh(const Site& site, const std::string& app);

/// Deploys the app once, so that its containers get what its config says, and says so when
/// `restart` is false; silent when the app was never deployed or is not to be started. Returns
/// whether it was deployed; throws Error when the deploy fails. The caller holds no lock: our own
/// hooks run inside.
bool redeploy(const Site& site, const std::string& app, bool restart);

}  // namespace service
