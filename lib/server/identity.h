// How a login knows that it speaks to the service's own server.
#pragma once

#include <string>

#include "engine/engine.h"
#include "service/service.h"

namespace server {

/// What the server must show before it is given a password.
struct Identity {
    std::string certificate = {};  // a file; empty: not known
    bool without_tls = false;      // the server itself says that it has no TLS
};

/// What is on record, without asking anybody: the certificate that we made, the official plugin's,
/// or what ask_identity found.
Identity known_identity(const service::Service& service);
/// Asks the container, past the network, and keeps the answer: one or two engine calls. Of a
/// container that does not tell, nothing is known.
Identity ask_identity(const service::Service& service, const engine::Container& container);
/// Drops what ask_identity found: the next container may have other options.
void forget_identity(const service::Service& service);

}  // namespace server
