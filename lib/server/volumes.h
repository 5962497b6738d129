// An operator's own folders in a service's container.
#pragma once

#include <chrono>
#include <string>

#include "service/record.h"
#include "service/service.h"

namespace server {

/// Takes `HOST_DIR:CONTAINER_DIR[:ro]` apart; throws a usage Error unless both are absolute and the
/// target is not one that the service itself needs.
service::Volume parse_volume(const std::string& text);
/// Puts the folder into the container, which is made again for it; a target that is taken is
/// refused (exit 4).
void mount(const service::Service& service, const service::Volume& volume,
           std::chrono::seconds patience);
/// Takes the volume with that target away; throws Error when there is none.
void unmount(const service::Service& service, const std::string& target,
             std::chrono::seconds patience);

}  // namespace server
