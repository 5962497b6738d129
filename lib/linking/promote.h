// Making a linked service the one behind an app's DATABASE_URL.
#pragma once

#include <string>

#include "service/service.h"

namespace linking {

/// Gives the service's URL to DATABASE_URL; what stood there lives on under a colour of its own
/// unless another variable holds it already. Deploys the app once unless told not to. Throws Error
/// when the service is not linked or has that variable already. Takes the locks of all services of
/// the app, and the app's.
void promote(const service::Service& service, const std::string& app, bool restart);

}  // namespace linking
