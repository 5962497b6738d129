// A service's container made again with other settings, taken back when its server does not get
// ready.
#pragma once

#include <chrono>
#include <functional>
#include <optional>
#include <string>
#include <vector>

#include "server/notices.h"
#include "service/record.h"
#include "service/service.h"

namespace server {

/// The major that the service's data have: from its record, its container or its image; throws
/// Error when nothing tells it.
int present_major(const service::Service& service, const service::Record& record,
                  const std::optional<engine::Container>& container);

/// What a command changes of the container.
struct Change {
    std::string command;                      // upgrade, set, mount, unmount
    std::vector<std::string> arguments = {};  // without secrets
    std::function<void(service::Record&)> apply;
    Apps apps = Apps::keep_running;  // what is said of linked apps before their connections end
};

/// Lets the change alter the record, then makes a running service's container again from it and
/// waits until it answers; when that fails the old settings come back and the Error says so. A
/// service that is down gets the new settings at its next start. An image of another major is
/// refused (exit 4). Takes the locks of server and service.
void recreate(const service::Service& service, const Change& change, std::chrono::seconds patience);

}  // namespace server
