// dokku postgres:stop -- stop a service and remove its container.

#include "cli/main.h"
#include "server/start_stop.h"

constexpr cli::Argument arguments[] = {
    {"service", "service to run command against"},
};
constexpr cli::Example examples[] = {
    {"stop it", "dokku postgres:stop lollipop"},
};
constexpr cli::Command command{
    .name = "stop",
    .summary = "stop a running Postgres service",
    .arguments = arguments,
    .examples = examples,
    .details =
        "Connections end and the container is removed. Data, password, links and settings stay. "
        "start makes the container again, and so does everything that needs the server: connect, "
        "export, import, clone and the next start of a linked app.",
};

static void run(const cli::Invocation& given) {
    const auto& context = service::context();
    const auto service = service::open(context, given["service"]);
    server::stop(service);
}

int main(int argc, char** argv) { return cli::main(command, run, argc, argv); }
