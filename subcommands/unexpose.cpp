// dokku postgres:unexpose -- take a service's published port back.

#include "cli/main.h"
#include "host/log.h"
#include "server/expose.h"
#include "service/service.h"

constexpr cli::Argument arguments[] = {
    {"service", "service to run command against"},
};
constexpr cli::Example examples[] = {
    {"nobody reaches it from outside any more", "dokku postgres:unexpose lollipop"},
};
constexpr cli::Command command{
    .name = "unexpose",
    .summary = "take the published port of the Postgres service back",
    .arguments = arguments,
    .examples = examples,
    .details = "Connections through the port end; the service and its linked apps notice nothing.",
};

static void run(const cli::Invocation& given) {
    const auto& context = service::context();
    const auto service = service::open(context, given["service"]);
    server::unexpose(service);
    host::info1("Service " + service.name + " unexposed");
}

int main(int argc, char** argv) { return cli::main(command, run, argc, argv); }
