// dokku postgres:restart -- shut a server down cleanly and start it again.

#include "cli/main.h"
#include "host/log.h"
#include "server/start_stop.h"
#include "transfer/staging_database.h"

constexpr cli::Argument arguments[] = {
    {"service", "service to run command against"},
};
constexpr cli::Example examples[] = {
    {"restart it", "dokku postgres:restart lollipop"},
};
constexpr cli::Command command{
    .name = "restart",
    .summary = "graceful shutdown and restart of the Postgres service container",
    .arguments = arguments,
    .examples = examples,
    .details =
        "All connections end, and the command says so before. It returns when the server answers "
        "again. An app that does not reconnect by itself needs dokku ps:restart.",
};

static void run(const cli::Invocation& given) {
    const auto& context = service::context();
    const auto service = service::open(context, given["service"]);
    server::restart(service);
    transfer::remove_left_overs(service);
    host::info1("Please call dokku ps:restart on all linked apps");
}

int main(int argc, char** argv) { return cli::main(command, run, argc, argv); }
