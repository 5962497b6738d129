// How a login knows that it talks to the service's own server.
#pragma once

#include <optional>
#include <string>

#include "engine/engine.h"
#include "pg/connection.h"
#include "service/service.h"

namespace server {

/// What a server must show before it is given a password.
struct Identity {
    pg::Tls tls = pg::Tls::if_offered;
    std::string certificate = {};  // a file, for pg::Tls::verified
};

/// The identity on record: the certificate that we made, the official plugin's, or what
/// ask_identity found. Asks nobody.
Identity known_identity(const service::Service& service);
/// Asks the server in its container, not over the network, and records the answer. Two or
/// three engine calls, and at most two `openssl`. Nothing while the server does not answer in its
/// container. If the container does not tell, the record stays as it is.
std::optional<Identity> ask_identity(const service::Service& service,
                                     const engine::Container& container);
/// The identity on record, else what the container of the service tells.
Identity identity_of(const service::Service& service);
/// Removes what ask_identity found, because the next container may have other options.
void forget_identity(const service::Service& service);

}  // namespace server
