// Taking a link away, whatever is left of it.
#pragma once

#include <string>

#include "service/service.h"

namespace linking {

/// Unlinks the app: its record, and those of its variables that still hold a URL of the service;
/// then deploys it once unless told not to. For an app that is gone the record goes. Throws Error
/// (`Not linked to app APP`) when there is nothing to take away. Takes both locks.
void unlink(const service::Service& service, const std::string& app, bool restart);

}  // namespace linking
