// The life of a service: start, stop, pause, restart.
#pragma once

#include "service/service.h"

namespace server {

/// Brings the service up and waits until it answers. Takes the lock of the service.
void start(const service::Service& service);
/// Stops and removes the container; data and settings stay, so start makes it again (the
/// official `stop`). Takes the locks of server and service, as do pause and restart.
void stop(const service::Service& service);
/// Stops the container but keeps it (the official `pause`).
void pause(const service::Service& service);
/// Restarts the same container and waits until it answers; brings it up when it was down.
void restart(const service::Service& service);

}  // namespace server
