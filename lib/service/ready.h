// Whether the server of a service answers.
#pragma once

#include <chrono>
#include <optional>

#include "pg/connection.h"
#include "service/service.h"

namespace service {

/// The login of the superuser to the service's own database in that container.
pg::Login login(const Site& site, const Service& service, const engine::Container& container);
/// Waits until a login over TCP succeeds, with back-off from 10 ms; throws Error 6 when `patience`
/// is over, Error with the container's last lines when it ends or keeps restarting, 5 when the
/// password is refused twice on a container that still runs. Returns the container as last seen.
/// `seen` is the container as the caller has just seen it, which saves asking for it.
engine::Container wait_until_ready(const Site& site, const Service& service,
                                   std::chrono::seconds patience,
                                   std::optional<engine::Container> seen = {});

}  // namespace service
