// How a login knows that it talks to the service's own server.

#include "server/identity.h"

#include <chrono>
#include <filesystem>
#include <optional>

#include "error/error.h"
#include "host/log.h"
#include "process/process.h"
#include "server/certificate.h"
#include "server/container.h"
#include "state/files.h"

namespace server {

namespace fs = std::filesystem;

namespace {

// What ask_identity records in place of a certificate. An empty file: the server has no TLS.
// The server shows a certificate that cannot be verified by itself: a CA signed it, or it is
// expired.
constexpr std::string_view unverifiable = "unverifiable\n";
// The server shows the certificate on record, which is not valid now by this host's clock.
constexpr std::string_view wrong_time = "not valid now\n";

fs::path answer_path(const service::Service& service) { return service.file("server.crt"); }

std::optional<fs::path> recorded_certificate(const service::Service& service) {
    for (const auto* folder : {"run", "certs"}) {
        auto path = service.file(folder) / "server.crt";
        std::error_code unreadable;
        if (fs::is_regular_file(path, unreadable)) return path;
    }
    return {};
}

// Whether libpq can verify a server by this file. It uses the same library and the same clock.
bool is_verifiable(const fs::path& certificate) {
    return process::run({.argv = {"openssl", "verify", "-CAfile", certificate, certificate},
                         .limit = std::chrono::seconds(60)})
        .ok();
}

// Nothing while the server does not answer yet. A server that wants a password on its own socket does
// not tell, and counts as one with TLS.
std::optional<bool> has_tls(const service::Service& service, const engine::Container& container) {
    const auto result = service.engine().run_in(
        container.id, {"psql", "-wXAtq", "-U", "postgres", "-d", "postgres", "-c", "show ssl"},
        "postgres");
    if (result.ok()) return result.out != "off\n";
    if (result.err.find("password") != std::string::npos) return true;
    return {};
}

void record_certificate(const service::Service& service, const engine::Container& container) {
    const auto shown = present_certificate(service, container);
    const auto recorded = recorded_certificate(service);
    const auto path = answer_path(service);
    if (recorded && state::read_trimmed(*recorded).value_or("") + "\n" == shown) {
        if (is_verifiable(*recorded)) return forget_identity(service);
        return state::write_file(path, wrong_time, state::plain);
    }
    state::write_file(path, shown, state::plain);
    if (!is_verifiable(path)) state::write_file(path, unverifiable, state::plain);
}

}  // namespace

Identity known_identity(const service::Service& service) {
    const auto answer = state::read_file(answer_path(service));
    if (answer && answer->empty()) return {.tls = pg::Tls::never};
    if (answer && *answer == unverifiable) return {.tls = pg::Tls::required};
    if (answer && *answer != wrong_time)
        return {.tls = pg::Tls::verified, .certificate = answer_path(service).string()};
    const auto recorded = recorded_certificate(service);
    if (!recorded) return {};
    if (answer && !is_verifiable(*recorded)) return {.tls = pg::Tls::required};
    return {.tls = pg::Tls::verified, .certificate = recorded->string()};
}

std::optional<Identity> ask_identity(const service::Service& service,
                                     const engine::Container& container) {
    try {
        const auto tls = has_tls(service, container);
        if (!tls) return {};
        if (*tls)
            record_certificate(service, container);
        else
            state::write_file(answer_path(service), "", state::plain);
    } catch (const Error& problem) {
        host::debug(problem.what());
    }
    return known_identity(service);
}

Identity identity_of(const service::Service& service) {
    auto known = known_identity(service);
    if (known.tls != pg::Tls::if_offered) return known;
    const auto container = container_of(service);
    if (!container || !container->running()) return known;
    return ask_identity(service, *container).value_or(known);
}

void forget_identity(const service::Service& service) {
    state::remove_file(answer_path(service));
}

}  // namespace server
