// A new service: one container, started once, all or nothing.
#pragma once

#include <chrono>
#include <functional>
#include <optional>
#include <string>

#include "service/service.h"
#include "service/settings.h"

namespace server {

/// What `create` may be told.
struct Options {
    service::Settings settings = {};
    std::optional<std::string> password = {};  // a random one when nothing is said
    std::chrono::seconds patience{120};        // for the server to answer
    // The app that the caller links to it next; a link that a killed create did not come to is
    // begun.
    std::optional<std::string> app = {};
    std::string command = "create";  // by which the operation is known: create or clone
    // What belongs into it before it is one: run under its lock once it answers.
    std::function<void(const service::Service&)> fill = {};
};

/// Makes a service and waits until it answers. Checks everything first and changes nothing when a
/// check fails; a later failure takes away what was made. What a killed create left is taken away
/// and begun anew, but for a service that lacks only the link of the app: that one is returned as
/// it is. Throws Error 1 (`Postgres service SVC already exists`), 2 for a name or a
/// setting that cannot be, 6 when the server does not answer in time, process::Cancelled where the
/// caller has a process::Cancellation. Takes the lock.
service::Service create(const service::Context& context, const std::string& name,
                        const Options& options);

}  // namespace server
