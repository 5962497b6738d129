// dokku postgres:reset -- replace a service's database by an empty one.

#include "transfer/reset.h"
#include "cli/main.h"
#include "host/log.h"
#include "service/service.h"

constexpr cli::Argument arguments[] = {
    {"service", "service to run command against"},
};
constexpr cli::Flag flags[] = {
    {'f', "force", "", "do not ask for the name of the service"},
};
constexpr cli::Example examples[] = {
    {"asks you to type the name", "dokku postgres:reset lollipop"},
    {"does not ask", "dokku postgres:reset lollipop --force"},
};
constexpr cli::Command command{
    .name = "reset",
    .summary = "delete all data of the Postgres service database and keep everything else",
    .arguments = arguments,
    .flags = flags,
    .examples = examples,
    .details =
        "The database is replaced by an empty one in one step. Password, links, settings and the "
        "grants of the database itself stay. The sessions that are open at that moment end. "
        "Extensions and tables made by the image's own init scripts are deleted too.",
};

static void run(const cli::Invocation& given) {
    const auto& context = service::context();
    const auto service = service::open(context, given["service"]);
    if (!given.has("force") && !context.environment.force) {
        cli::confirm("This command will delete all data of service " + service.name + ".",
                     service.name);
    }
    transfer::reset(service);
    host::info2("Database of service " + service.name + " is empty");
}

int main(int argc, char** argv) { return cli::main(command, run, argc, argv); }
