// dokku postgres:expose -- publish a service's port on the host.

#include "server/expose.h"
#include "cli/main.h"
#include "host/log.h"
#include "service/service.h"

constexpr cli::Argument arguments[] = {
    {"service", "service to run command against"},
    {"port", "PORT, IP:PORT or [IPv6]:PORT (default: a free port on every address)", cli::optional},
};
constexpr cli::Example examples[] = {
    {"for programs on this host only", "dokku postgres:expose lollipop 127.0.0.1:5432"},
    {"on this port of every address", "dokku postgres:expose lollipop 5432"},
    {"on a free port that Docker and the system choose", "dokku postgres:expose lollipop"},
};
constexpr cli::Command command{
    .name = "expose",
    .summary = "publish the port of the Postgres service on the host",
    .arguments = arguments,
    .examples = examples,
    .details =
        "A small forwarding container publishes the port. The service itself is not restarted. "
        "The port is published again when the service, the engine or the host restarts.\n\n"
        "Everybody who can reach the host can reach a published port. ufw and firewalld do not "
        "close it, because the rules of Docker come first. With 127.0.0.1:PORT only programs on "
        "this host can reach it. From your own machine, use a tunnel: leave 'ssh -L "
        "5432:127.0.0.1:5432 you@host' open and type the psql line there. The account dokku cannot "
        "open a tunnel: log in with another account of the host.\n\n"
        "At the end the command prints a psql line that logs in from the host. The password is in "
        "the URL that info --dsn prints. The certificate is valid for localhost, 127.0.0.1 and "
        "::1 too, so that sslmode=verify-full works through a tunnel. The certificate of a "
        "service made by an older version or by the official plugin may lack these names.",
};

static void say_how_to_log_in(const service::Service& service, const server::HostPort& where) {
    if (server::is_every_address(where)) {
        host::warn(
            "The port is open on every address of this host; ufw and firewalld do not close "
            "it");
        host::warn("For this host alone: dokku postgres:unexpose " + service.name +
                   ", then dokku postgres:expose " + service.name +
                   " 127.0.0.1:" + std::to_string(where.port));
    }
    host::verbose("Log in from this host: " + server::login_line(service, where));
    host::verbose("The password is in: dokku postgres:info " + service.name + " --dsn");
}

static void run(const cli::Invocation& given) {
    const auto& context = service::context();
    const auto service = service::open(context, given["service"]);
    const auto where = server::expose(service, given.find("port"));
    host::info1("Service " + service.name + " exposed on port(s) [container->host]: 5432->" +
                server::to_string(where));
    say_how_to_log_in(service, where);
}

int main(int argc, char** argv) { return cli::main(command, run, argc, argv); }
