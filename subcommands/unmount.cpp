// dokku postgres:unmount -- remove a mounted folder from a service's container.

#include "cli/main.h"
#include "host/log.h"
#include "server/volumes.h"
#include "service/service.h"
#include "wait_timeout.h"

constexpr cli::Argument arguments[] = {
    {"service", "service to run command against"},
    {"container-dir", "path of the folder in the container"},
};
constexpr cli::Flag flags[] = {
    wait_timeout_flag,
};
constexpr cli::Example examples[] = {
    {"the folder on the host stays", "dokku postgres:unmount lollipop /srv/csv"},
};
constexpr cli::Command command{
    .name = "unmount",
    .summary = "remove a mounted folder from the container of the Postgres service",
    .arguments = arguments,
    .flags = flags,
    .examples = examples,
    .details = "The container is recreated without the folder. Nothing on the host is deleted.",
};

static void run(const cli::Invocation& given) {
    const auto patience = wait_timeout_of(given);
    const auto& context = service::context();
    const auto service = service::open(context, given["service"]);
    server::unmount(service, given["container-dir"], patience);
    host::info1("Unmounted " + given["container-dir"] + " from " + service.name);
}

int main(int argc, char** argv) { return cli::main(command, run, argc, argv); }
