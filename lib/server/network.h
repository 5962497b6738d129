// The network that every service and every container of a linked app is on.
#pragma once

#include "service/service.h"

namespace server {

/// Makes sure that it is there. Two commands at the same moment make one: an engine takes a second
/// network of the same name, and neither can be joined by that name from then on.
void ensure_network(const service::Context& context);

}  // namespace server
