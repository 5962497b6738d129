// dokku postgres:pause -- stop a service and keep its container.

#include "cli/main.h"
#include "server/start_stop.h"

constexpr cli::Argument arguments[] = {
    {"service", "service to run command against"},
};
constexpr cli::Example examples[] = {
    {"stop it and keep its container", "dokku postgres:pause lollipop"},
};
constexpr cli::Command command{
    .name = "pause",
    .summary = "pause a running Postgres service",
    .arguments = arguments,
    .examples = examples,
    .details =
        "Connections end. Data, password, links and settings stay. start brings the same "
        "container up again, and so does everything that needs the server: connect, export, "
        "import, clone and the next start of a linked app.",
};

static void run(const cli::Invocation& given) {
    const auto& context = service::context();
    const auto service = service::open(context, given["service"]);
    server::pause(service);
}

int main(int argc, char** argv) { return cli::main(command, run, argc, argv); }
