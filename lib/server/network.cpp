// The network that every service and every container of a linked app is on.
#include "server/network.h"

#include <string>

#include "state/lock.h"

namespace server {

void ensure_network(const service::Context& context) {
    const std::string name(service::network);
    if (context.engine.has_network(name)) return;
    const state::Lock lock(context.environment, state::Lock::Of::service, ".network");
    context.engine.ensure_network(name);
}

}  // namespace server
