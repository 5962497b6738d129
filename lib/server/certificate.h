// The key and the certificate that a service's server speaks TLS with.
#pragma once

#include <optional>
#include <string>

#include "engine/engine.h"
#include "service/service.h"

namespace server {

/// An ECDSA key and a certificate signed by it, both PEM.
struct Certificate {
    std::string key;
    std::string certificate;
};

/// Makes one for host(), container() and localhost, good for ten years: one `openssl` process, the
/// key by a pipe. Throws Error when openssl is missing or fails.
Certificate make_certificate(const service::Service& service);
/// The certificate that the service's server shows, PEM: asked of its container while that runs,
/// since the server's own copy counts. Throws Error when there is none to be had.
std::string present_certificate(const service::Service& service);
/// The same for a caller that has looked at the container.
std::string present_certificate(const service::Service& service,
                                const std::optional<engine::Container>& container);

}  // namespace server
