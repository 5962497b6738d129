// The commands that move a service's apps to a copy on another major.
#pragma once

#include <string>

#include "service/record.h"
#include "service/service.h"

namespace server {

/// These commands, a line each, for the image that `wanted` names: the linked apps that the caller
/// may see keep their variables, DATABASE_URL among them.
std::string recipe_for_major(const service::Service& service, const service::Record& wanted,
                             int major);

}  // namespace server
