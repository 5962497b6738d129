// dokku postgres:import -- replace a service's database by a dump from standard input.

#include <unistd.h>

#include "backup/restore.h"
#include "cli/main.h"
#include "host/log.h"
#include "service/service.h"

constexpr cli::Argument arguments[] = {
    {"service", "service to run command against"},
};
constexpr cli::Flag flags[] = {
    {'x', "no-acl", "", "leave the grants of a custom or tar dump out"},
};
constexpr cli::Example examples[] = {
    {"import a dump", "dokku postgres:import lollipop < lollipop.dump"},
    {"one with grants to roles that are not here",
     "dokku postgres:import lollipop --no-acl < lollipop.dump"},
};
constexpr cli::Command command{
    .name = "import",
    .summary = "import a dump into the Postgres service database",
    .arguments = arguments,
    .flags = flags,
    .examples = examples,
    .details =
        "Takes the custom, tar and plain formats of pg_dump, and gzip or zstd of them, told by "
        "their first bytes. The dump replaces the database: it is filled beside the old one, which "
        "stays in use until the new one is whole, and takes its place in one step that ends the "
        "sessions of that moment. Whatever goes wrong (a dump that is cut off, an error in it, a "
        "full disk, a kill), the database is exactly what it was. Meanwhile both need room.\n\n"
        "The settings and grants of the database itself stay; owners in an archive are left out, "
        "everything belongs to the service's user. A plain dump may only hold what belongs in one "
        "database: backslash commands, statements about databases, roles and tablespaces, and COPY "
        "with files or programs are refused. A dump is a program all the same and runs with the "
        "rights of a superuser: import only what you trust.",
};

static void run(const cli::Invocation& given) {
    const auto& site = service::site();
    const auto service = service::open(site, given["service"]);
    backup::restore(site, service, STDIN_FILENO, {.grants = !given.has("no-acl")});
    host::info2("Dump imported into service " + service.name);
}

int main(int argc, char** argv) { return cli::main(command, run, argc, argv); }
