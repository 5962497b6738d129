// Removes a link, or what is left of one.
#pragma once

#include <string>

#include "service/service.h"

namespace linking {

/// Unlinks the app: removes its record, and those of its variables that still hold a URL of the
/// service. Then deploys it once unless `restart` is false. If the app does not exist any more,
/// only the record is removed. Throws Error (`Not linked to app APP`) if there is nothing to
/// remove. Takes both locks.
void unlink(const service::Service& service, const std::string& app, bool restart);

}  // namespace linking
