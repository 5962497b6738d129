// dokku postgres:import -- replace a service's database by a dump from standard input.

#include <unistd.h>

#include "backup/restore.h"
#include "cli/main.h"
#include "host/log.h"
#include "reporting.h"
#include "service/service.h"

constexpr cli::Argument arguments[] = {
    {"service", "service to run command against"},
};
constexpr cli::Flag flags[] = {
    {'j', "jobs", "N",
     "sessions that fill the database at once, 1 to 64 (default: one for each processor)"},
    {0, "progress", "", "a line every ten seconds where standard error is no terminal"},
    {0, "trusted", "", "run the dump with the rights of a superuser"},
    {'x', "no-acl", "", "leave the grants of a custom or tar dump out"},
};
constexpr cli::Example examples[] = {
    {"import a dump", "dokku postgres:import lollipop < lollipop.dump"},
    {"one with grants to roles that are not here",
     "dokku postgres:import lollipop --no-acl < lollipop.dump"},
    {"one whose rows are to keep their order",
     "dokku postgres:import lollipop --jobs 1 < lollipop.dump"},
    {"one of your own that holds an event trigger",
     "dokku postgres:import lollipop --trusted < lollipop.dump"},
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
        "full disk, a kill, Ctrl-C), the database is exactly what it was. Meanwhile both need "
        "room. Apps can be linked, unlinked and deployed while it is at work; what takes the "
        "server down (restart, stop, upgrade, destroy) waits for its end.\n\n"
        "A custom or tar dump is restored as it arrives: its rows go into the database through "
        "several sessions while the rest still comes, and no copy of it is laid on disk. A large "
        "table is shared among all of them, so its rows may come to lie in another order than in "
        "the dump; with --jobs 1 they keep it. Indexes and constraints are made afterwards, by as "
        "many sessions. A plain dump streams through one session.\n\n"
        "The settings and grants of the database itself stay; owners in a dump are left out, "
        "everything belongs to the service's user. A plain dump may only hold what belongs in one "
        "database: backslash commands, statements about databases, roles and tablespaces, and COPY "
        "with files or programs are refused.\n\n"
        "A dump is a program. It runs as a role that is made for it, owns nothing but the new "
        "database's contents and goes away again: it reaches no other database, no role, no file "
        "and "
        "no program of the server. Extensions that the server has are made for it; what else only "
        "a "
        "superuser may make (event triggers, operator classes, functions in C, foreign servers) is "
        "refused, unless --trusted gives it those rights. So is dblink, which reaches other "
        "databases, and a plain dump where the image's psql is older than August 2025 and cannot "
        "be kept from commands in a script. That ends where the dump's contents are "
        "used: its triggers, views and functions run with the rights of whoever uses them, and the "
        "functions of an index with those of the service's user, when the server gathers "
        "statistics. An app that logs in as the service's user is a superuser: what you do not "
        "trust belongs into a service of its own.",
};

static void run(const cli::Invocation& given) {
    const auto jobs = given.number("jobs", 1, 64);
    const auto& site = service::site();
    const auto service = service::open(site, given["service"]);
    {
        Reporting reporting{given, site};
        backup::Restoring how{.grants = !given.has("no-acl"),
                              .trusted = given.has("trusted"),
                              .jobs = {},
                              .taken = reporting.handed_over(),
                              .filled = reporting.filled()};
        if (jobs) how.jobs = static_cast<int>(*jobs);
        backup::restore(site, service, STDIN_FILENO, how);
    }
    host::info2("Dump imported into service " + service.name);
}

int main(int argc, char** argv) { return cli::main(command, run, argc, argv); }
