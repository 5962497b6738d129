// Makes a linked service the one in an app's DATABASE_URL.
#pragma once

#include <string>

#include "service/service.h"

namespace linking {

/// Sets DATABASE_URL to the service's URL. The old value is kept under DOKKU_POSTGRES_<COLOUR>_URL
/// unless another variable has it. Deploys the app once unless `restart` is false. Throws Error if
/// the service is not linked or is promoted already. Takes the locks of all services of the app,
/// and the app's.
void promote(const service::Service& service, const std::string& app, bool restart);

}  // namespace linking
