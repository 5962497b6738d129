// How a login knows that it speaks to the service's own server.

#include "server/identity.h"

#include <filesystem>

#include "error/error.h"
#include "host/log.h"
#include "server/certificate.h"
#include "state/files.h"

namespace server {

namespace {

// Empty for a server that has no TLS.
std::filesystem::path found_by_asking(const service::Service& service) {
    return service.file("server.crt");
}

bool has_no_tls(const service::Service& service, const engine::Container& container) {
    const auto result = service.engine().run_in(
        container.id,
        {"psql", "-wXAtq", "-U", "postgres", "-d", "postgres", "-c", "show ssl"}, "postgres");
    return result.ok() && result.out == "off\n";
}

}  // namespace

Identity known_identity(const service::Service& service) {
    if (const auto asked = state::read_file(found_by_asking(service))) {
        if (asked->empty()) return {.without_tls = true};
        return {.certificate = found_by_asking(service).string()};
    }
    for (const auto* folder : {"run", "certs"}) {
        const auto path = service.file(folder) / "server.crt";
        std::error_code unreadable;
        if (std::filesystem::is_regular_file(path, unreadable)) return {.certificate = path.string()};
    }
    return {};
}

Identity ask_identity(const service::Service& service, const engine::Container& container) {
    try {
        const auto found =
            has_no_tls(service, container) ? std::string{} : present_certificate(service);
        state::write_file(found_by_asking(service), found, state::plain);
    } catch (const Error& problem) {
        host::debug(problem.what());
    }
    return known_identity(service);
}

void forget_identity(const service::Service& service) {
    state::remove_file(found_by_asking(service));
}

}  // namespace server
