// dokku postgres:unexpose -- stop publishing a service's port.

#include "cli/main.h"
#include "host/log.h"
#include "server/expose.h"
#include "service/service.h"

constexpr cli::Argument arguments[] = {
    {"service", "service to run command against"},
};
constexpr cli::Example examples[] = {
    {"close the port", "dokku postgres:unexpose lollipop"},
};
constexpr cli::Command command{
    .name = "unexpose",
    .summary = "stop publishing the port of the Postgres service",
    .arguments = arguments,
    .examples = examples,
    .details =
        "Connections through the port end. The service and its linked apps are not affected.",
};

static void run(const cli::Invocation& given) {
    const auto& context = service::context();
    const auto service = service::open(context, given["service"]);
    server::unexpose(service);
    host::info1("Service " + service.name + " unexposed");
}

int main(int argc, char** argv) { return cli::main(command, run, argc, argv); }
