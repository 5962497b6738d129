// dokku postgres:destroy -- remove a service and its data.

#include "server/destroy.h"

#include "cli/main.h"
#include "host/log.h"

constexpr cli::Argument arguments[] = {
    {"service", "service to run command against"},
};
constexpr cli::Flag flags[] = {
    {'f', "force", "", "do not ask for the name of the service"},
};
constexpr cli::Example examples[] = {
    {"asks you to type the name", "dokku postgres:destroy lollipop"},
    {"does not ask", "dokku postgres:destroy lollipop --force"},
};
constexpr cli::Command command{
    .name = "destroy",
    .summary = "delete the Postgres service, its data and its container if there are no links left",
    .arguments = arguments,
    .flags = flags,
    .examples = examples,
    .details =
        "The data are deleted for good. A destroy that was interrupted finishes when you run it "
        "again.",
};

static void run(const cli::Invocation& given) {
    const auto& context = service::context();
    const auto service = service::open(context, given["service"]);
    server::check_unlinked(service);
    if (!given.has("force") && !context.environment.force) {
        cli::confirm("This command will destroy " + service.name + " Postgres service.",
                     service.name);
    }
    server::destroy(service);
    host::info2("Postgres container deleted: " + service.name);
}

int main(int argc, char** argv) { return cli::main(command, run, argc, argv); }
