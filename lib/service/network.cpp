// The network that every service and every container of a linked app is on.
#include "service/network.h"

#include <string>

#include "service/lock.h"

namespace service {

void ensure_network(const Site& site) {
    const std::string name(network);
    if (site.engine.has_network(name)) return;
    const Lock lock(site, Lock::Of::service, ".network");
    site.engine.ensure_network(name);
}

}  // namespace service
