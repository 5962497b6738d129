// A key and a certificate by openssl.

#include "service/certificate.h"

#include "error/error.h"
#include "process/process.h"

namespace service {

namespace {

// All that the host's own openssl.cnf might say otherwise is said here.
std::string configuration(const Service& service) {
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
           service.host() + ", DNS:" + service.container() + ", DNS:localhost\n";
}

std::string block_of(const std::string& text, const std::string& what) {
    const std::string begin = "-----BEGIN " + what + "-----";
    const std::string end = "-----END " + what + "-----\n";
    const auto first = text.find(begin);
    const auto last = text.find(end, first == std::string::npos ? 0 : first);
    if (first == std::string::npos || last == std::string::npos) return {};
    return text.substr(first, last + end.size() - first);
}

}  // namespace

Certificate make_certificate(const Service& service) {
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

}  // namespace service
