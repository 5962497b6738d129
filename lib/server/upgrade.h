// Another image of the same major, new limits, new options: the container made again, links and
// data kept.
#pragma once

#include <chrono>
#include <string>

#include "service/service.h"
#include "service/settings.h"

namespace server {

/// What an upgrade found and did.
struct Upgrade {
    std::string reference;  // the image that the service now runs
    bool changed = true;    // false: it ran just that already
};

/// Makes the container again with what was said; without an image the service's own tag is pulled
/// anew, which brings the newest minor version of it. Deploys every linked app once afterwards when
/// `restart_apps`. Throws like recreate().
Upgrade upgrade(const service::Service& service, const service::Settings& settings,
                bool restart_apps, std::chrono::seconds patience);

/// Changes settings of `postgres:set`: networks take effect when the container is next started or
/// made, whatever else needs the container made again does that.
void set(const service::Service& service, const service::Settings& settings,
         std::chrono::seconds patience);

}  // namespace server
