// A service's container made again with other settings, taken back when its server does not get
// ready.
#pragma once

#include <chrono>
#include <functional>

#include "server/notices.h"
#include "service/record.h"
#include "service/service.h"

namespace server {

/// The major that the service's data have: from its record, its container or its image; throws
/// Error when nothing tells it.
int present_major(const service::Service& service, const service::Record& record,
                  const std::optional<engine::Container>& container);

/// Lets `change` alter the record, then makes a running service's container again from it and waits
/// until it answers; when that fails the old settings come back and the Error says so. A service
/// that is down gets the new settings at its next start. An image of another major is refused (exit
/// 4). Takes the locks of server and service. `apps` is what is said of linked apps before their
/// connections end.
void recreate(const service::Service& service, const std::function<void(service::Record&)>& change,
              std::chrono::seconds patience, Apps apps = Apps::keep_running);

}  // namespace server
