// dokku postgres:certificate -- print the certificate that a service's server shows.

#include "server/certificate.h"

#include "cli/main.h"

constexpr cli::Argument arguments[] = {
    {"service", "service to run command against"},
};
constexpr cli::Example examples[] = {
    {"for clients that verify the server", "dokku postgres:certificate lollipop > lollipop.crt"},
};
constexpr cli::Command command{
    .name = "certificate",
    .summary = "print the certificate of the Postgres service",
    .arguments = arguments,
    .examples = examples,
    .details =
        "The certificate is self-signed. It is valid for the service's host name, localhost, "
        "127.0.0.1 and ::1. A client that has it as sslrootcert can use sslmode=verify-full.",
};

static void run(const cli::Invocation& given) {
    const auto& context = service::context();
    cli::print(server::present_certificate(service::open(context, given["service"])));
}

int main(int argc, char** argv) { return cli::main(command, run, argc, argv); }
