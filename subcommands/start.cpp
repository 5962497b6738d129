// dokku postgres:start -- start a service and wait until it answers.

#include "cli/main.h"
#include "server/start_stop.h"
#include "transfer/staging_database.h"

constexpr cli::Argument arguments[] = {
    {"service", "service to run command against"},
};
constexpr cli::Example examples[] = {
    {"start it", "dokku postgres:start lollipop"},
};
constexpr cli::Command command{
    .name = "start",
    .summary = "start a previously stopped Postgres service",
    .arguments = arguments,
    .examples = examples,
    .details =
        "If the container is gone, it is made again from the service's settings. The command "
        "returns when the server answers. Whatever a killed import left behind is removed.",
};

static void run(const cli::Invocation& given) {
    const auto& context = service::context();
    const auto service = service::open(context, given["service"]);
    server::start(service);
    transfer::remove_left_overs(service);
}

int main(int argc, char** argv) { return cli::main(command, run, argc, argv); }
