// dokku postgres:expose -- publish a service's port on the host.

#include "service/expose.h"
#include "cli/main.h"
#include "host/log.h"
#include "service/service.h"

constexpr cli::Argument arguments[] = {
    {"service", "service to run command against"},
    {"port", "PORT, IP:PORT or [IPv6]:PORT; a free port of every address without it",
     cli::optional},
};
constexpr cli::Example examples[] = {
    {"on a port of every address", "dokku postgres:expose lollipop 5432"},
    {"for programs of this host alone", "dokku postgres:expose lollipop 127.0.0.1:5432"},
    {"on a free port that Docker and the system choose", "dokku postgres:expose lollipop"},
};
constexpr cli::Command command{
    .name = "expose",
    .summary = "publish the port of the Postgres service on the host",
    .arguments = arguments,
    .examples = examples,
    .details =
        "A small forwarding container publishes the port; the service itself is not restarted. It "
        "comes "
        "back when the service, the engine or the host is started again.\n\n"
        "A published port is open to everybody who reaches the host: Docker's own rules come "
        "before those of "
        "ufw and firewalld, which do not close it. Give 127.0.0.1:PORT for programs of the host "
        "alone, and "
        "reach it from elsewhere by an ssh tunnel (ssh -L 5432:127.0.0.1:5432 host).",
};

static void run(const cli::Invocation& given) {
    const auto& site = service::site();
    const auto service = service::open(site, given["service"]);
    const auto where = service::expose(site, service, given.find("port"));
    host::info1("Service " + service.name + " exposed on port(s) [container->host]: 5432->" +
                service::to_string(where));
}

int main(int argc, char** argv) { return cli::main(command, run, argc, argv); }
