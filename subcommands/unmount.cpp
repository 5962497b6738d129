// dokku postgres:unmount -- take a mounted folder out of a service's container.

#include "cli/main.h"
#include "host/log.h"
#include "patience.h"
#include "server/volumes.h"
#include "service/service.h"

constexpr cli::Argument arguments[] = {
    {"service", "service to run command against"},
    {"container-dir", "where it is mounted in the container"},
};
constexpr cli::Flag flags[] = {
    patience_flag,
};
constexpr cli::Example examples[] = {
    {"the folder on the host stays as it is", "dokku postgres:unmount lollipop /srv/csv"},
};
constexpr cli::Command command{
    .name = "unmount",
    .summary = "take a mounted folder out of the container of the Postgres service",
    .arguments = arguments,
    .flags = flags,
    .examples = examples,
    .details = "The container is made again without it; nothing on the host is removed.",
};

static void run(const cli::Invocation& given) {
    const auto patience = patience_of(given);
    const auto& context = service::context();
    const auto service = service::open(context, given["service"]);
    server::unmount(service, given["container-dir"], patience);
    host::info1("Unmounted " + given["container-dir"] + " from " + service.name);
}

int main(int argc, char** argv) { return cli::main(command, run, argc, argv); }
