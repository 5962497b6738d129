// dokku postgres:mount -- mount a folder of the host in a service's container.

#include "cli/main.h"
#include "host/log.h"
#include "server/volumes.h"
#include "service/service.h"
#include "wait_timeout.h"

constexpr cli::Argument arguments[] = {
    {"service", "service to run command against"},
    {"volume", "HOST_DIR:CONTAINER_DIR or HOST_DIR:CONTAINER_DIR:ro"},
};
constexpr cli::Flag flags[] = {
    wait_timeout_flag,
};
constexpr cli::Example examples[] = {
    {"a folder with files for COPY, read only",
     "dokku postgres:mount lollipop /srv/csv:/srv/csv:ro"},
};
constexpr cli::Command command{
    .name = "mount",
    .summary = "mount a folder of the host in the container of the Postgres service",
    .arguments = arguments,
    .flags = flags,
    .examples = examples,
    .details =
        "The container is recreated, so the database is down for a moment. If its server does not "
        "start with the folder, the container is recreated as it was.",
};

static void run(const cli::Invocation& given) {
    const auto volume = server::parse_volume(given["volume"]);
    const auto patience = wait_timeout_of(given);
    const auto& context = service::context();
    const auto service = service::open(context, given["service"]);
    server::mount(service, volume, patience);
    host::info1("Mounted " + volume.source + " at " + volume.target + " in " + service.name);
}

int main(int argc, char** argv) { return cli::main(command, run, argc, argv); }
