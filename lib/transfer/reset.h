// Reset: an empty database in place of the service's own.
#pragma once

#include "service/service.h"

namespace transfer {

/// Replaces the service's database by an empty one of the same making, settings and grants;
/// password, links and everything else stay. All or nothing.
void reset(const service::Service& service);

}  // namespace transfer
