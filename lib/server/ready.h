// Whether the server of a service answers.
#pragma once

#include <chrono>
#include <optional>

#include "pg/connection.h"
#include "service/service.h"

namespace server {

/// The login of the superuser to the service's own database in that container.
pg::Login login(const service::Service& service, const engine::Container& container);
/// How a server is waited for.
struct Waiting {
    // The container as the caller has just seen it, which saves asking for it.
    std::optional<engine::Container> seen = {};
    // A server that answers is enough, be the service's database there or not: that is warned of.
    bool any_database = false;
    // The container is taken away when its server does not answer, so the end of its log is shown
    // in place of the command that would show it.
    bool is_removed_on_failure = false;
};

/// Waits until a login over TCP succeeds, with back-off from 10 ms; throws Error 6 when `patience`
/// is over, Error with the server's own reason when it fails twice for the same one or ends, 5 when
/// the password is refused twice on a container that still runs. A signal ends the wait where a
/// process::Cancellation lives. Returns the container as last
/// seen.
engine::Container wait_until_ready(const service::Service& service, std::chrono::seconds patience,
                                   Waiting how = {});

}  // namespace server
