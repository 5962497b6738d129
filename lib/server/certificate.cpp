// A key and a certificate by openssl.

#include "server/certificate.h"

#include <string_view>
#include <vector>

#include "error/error.h"
#include "process/process.h"
#include "server/container.h"
#include "state/files.h"

namespace server {

namespace {

// All that the host's own openssl.cnf might say otherwise is said here.
std::string configuration(const service::Service& service) {
    return "[req]\n"
           "distinguished_name = name\n"
           "x509_extensions = extensions\n"
           "prompt = no\n"
           "[name]\n"
           "CN = " +
           service.host() +
           "\n"
           "[extensions]\n"
           "basicConstraints = critical, CA:FALSE\n"
           "keyUsage = critical, digitalSignature\n"
           "extendedKeyUsage = serverAuth\n"
           "subjectAltName = DNS:" +
           service.host() + ", DNS:" + service.container() +
           ", DNS:localhost, IP:127.0.0.1, IP:::1\n";
}

std::string block_of(const std::string& text, const std::string& what) {
    const std::string begin = "-----BEGIN " + what + "-----";
    const std::string end = "-----END " + what + "-----\n";
    const auto first = text.find(begin);
    const auto last = text.find(end, first == std::string::npos ? 0 : first);
    if (first == std::string::npos || last == std::string::npos) return {};
    return text.substr(first, last + end.size() - first);
}

// Where the server of either official generation, or of ours, keeps it.
std::vector<std::string> places_of(const engine::Container& container) {
    std::vector<std::string> places;
    constexpr std::string_view said = "ssl_cert_file=";
    for (const auto& word : container.arguments) {
        if (word.starts_with(said)) places.push_back(word.substr(said.size()));
    }
    if (const auto data = container.variable("PGDATA"); !data.empty())
        places.push_back(data + "/server.crt");
    return places;
}

}  // namespace

Certificate make_certificate(const service::Service& service) {
    const auto result = process::run(
        {.argv = {"openssl", "req", "-x509", "-newkey", "ec", "-pkeyopt",
                  "ec_paramgen_curve:prime256v1", "-pkeyopt", "ec_param_enc:named_curve", "-nodes",
                  "-days", "3650", "-sha256", "-config", "/dev/stdin", "-keyout", "/dev/stdout"},
         .input = configuration(service),
         .limit = std::chrono::seconds(60)});
    Certificate made{block_of(result.out, "PRIVATE KEY"), block_of(result.out, "CERTIFICATE")};
    if (!result.ok() || made.key.empty() || made.certificate.empty()) {
        throw Error{"openssl made no certificate for '" + service.name + "'", result.err};
    }
    return made;
}

std::string present_certificate(const service::Service& service) {
    return present_certificate(service, container_of(service));
}

std::string present_certificate(const service::Service& service,
                                const std::optional<engine::Container>& container) {
    if (container && container->running()) {
        // As root, since the folder is closed to all but the server.
        for (const auto& place : places_of(*container)) {
            const auto result =
                service.engine().run_in(container->id, {"head", "-c", "65536", place}, "0:0");
            if (auto found = block_of(result.out, "CERTIFICATE"); result.ok() && !found.empty()) {
                return found;
            }
        }
    }
    for (const auto* folder : {"run", "certs"}) {
        const auto text = state::read_file(service.file(folder) / "server.crt").value_or("");
        if (auto found = block_of(text, "CERTIFICATE"); !found.empty()) return found;
    }
    throw Error{"service '" + service.name + "' has no certificate that can be read",
                "Bring it up first: dokku postgres:start " + service.name};
}

}  // namespace server
