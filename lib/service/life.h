// The life of a service: start, stop, pause, restart.
#pragma once

#include "service/service.h"

namespace service {

/// Brings the service up and waits until it answers. Takes the lock of the service.
void start(const Site& site, const Service& service);
/// Stops and removes the container; data and settings stay, so start makes it again (contract: the
/// official `stop`). Takes the locks of server and service, as do pause and restart.
void stop(const Site& site, const Service& service);
/// Stops the container but keeps it (the official `pause`).
void pause(const Site& site, const Service& service);
/// Restarts the same container and waits until it answers; brings it up when it was down.
void restart(const Site& site, const Service& service);

}  // namespace service
