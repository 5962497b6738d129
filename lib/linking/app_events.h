// What becomes of links when an app is copied, renamed or destroyed.
#pragma once

#include <string>

#include "service/service.h"

namespace linking {

/// Gives an app the links of another, whose config it was given already; of a service that cannot
/// be read only the link itself goes along, with a warning.
void copy_links(const service::Context& context, const std::string& from, const std::string& to);
/// Forgets the links of an app that is about to go; warns of what cannot be written and never
/// throws Error.
void drop_links(const service::Context& context, const std::string& app);

}  // namespace linking
