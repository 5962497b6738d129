// The end of a service.
#pragma once

#include "service/service.h"

namespace server {

/// Throws Error 4 (`Cannot delete linked service`), the apps named, while apps that exist are
/// linked.
void check_unlinked(const service::Service& service);
/// Removes the service, its data, containers, files and properties. Killed at any moment, it
/// finishes when it is run again. Throws like check_unlinked. Takes the locks of server and
/// service.
void destroy(const service::Service& service);

}  // namespace server
