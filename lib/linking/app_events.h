// Links of an app that is cloned, renamed or destroyed.
#pragma once

#include <string>

#include "service/service.h"

namespace linking {

/// Gives an app the links of another one, whose config Dokku has copied already. If a service's
/// records cannot be read, only the link itself is copied, with a warning.
void copy_links(const service::Context& context, const std::string& from, const std::string& to);
/// Removes the links of an app that is being destroyed. Warns of records that cannot be written;
/// never throws Error.
void drop_links(const service::Context& context, const std::string& app);

}  // namespace linking
