// dokku postgres:import -- replace a service's database by a dump from standard input.

#include <unistd.h>

#include <algorithm>

#include "cli/main.h"
#include "error/error.h"
#include "host/log.h"
#include "progress_report.h"
#include "service/service.h"
#include "transfer/import.h"

constexpr cli::Argument arguments[] = {
    {"service", "service to run command against"},
};
constexpr cli::Flag flags[] = {
    {'j', "jobs", "N",
     "sessions that load the dump at once, 1 to 64 (default: one for each processor)"},
    {0, "progress", "", "print progress every ten seconds if standard error is no terminal"},
    {0, "replace", "", "delete tables that the dump does not hold, with their rows"},
    {0, "merge", "", "add the dump to the database, in one transaction"},
    {0, "extension", "NAME[:SCHEMA]",
     "an extension to create first, in the schema public unless named", true},
    {0, "schema", "NAME", "a schema to create first", true},
    {0, "trusted", "", "run the dump with the rights of a superuser"},
    {'x', "no-acl", "", "leave out the grants of the dump"},
    {0, "allow-errors", "", "leave out what fails, show it, and exit with 5"},
};
constexpr cli::Example examples[] = {
    {"import a dump", "dokku postgres:import lollipop < lollipop.dump"},
    {"add one table to the database", "dokku postgres:import lollipop --merge < one-table.dump"},
    {"replace the database by a dump that holds fewer tables",
     "dokku postgres:import lollipop --replace < yesterday.dump"},
    {"a dump that needs an extension but does not create it",
     "dokku postgres:import lollipop --extension citext:public < lollipop.dump"},
    {"keep the order of the rows", "dokku postgres:import lollipop --jobs 1 < lollipop.dump"},
    {"a dump of your own that holds an event trigger",
     "dokku postgres:import lollipop --trusted < lollipop.dump"},
};
constexpr cli::Command command{
    .name = "import",
    .summary = "import a dump into the Postgres service database",
    .arguments = arguments,
    .flags = flags,
    .examples = examples,
    .details =
        "Reads a dump from standard input and replaces the database by it. The custom, tar and "
        "plain formats of pg_dump are recognised by their first bytes, also when they are "
        "compressed with gzip or zstd. A plain dump may be in UTF-16, as the '>' of PowerShell "
        "writes it.\n\n"
        "The dump is loaded into a new database beside the old one, so the disk needs room for "
        "both. The old one stays in use until the new one is complete. Then the new one takes its "
        "place in one step, which ends the sessions that are open at that moment. Whatever goes "
        "wrong (a dump that is cut off, an error in it, a full disk, a kill, Ctrl-C), the "
        "database is exactly what it was. During an import apps can be linked, unlinked and "
        "deployed. Commands that take the server down (restart, stop, upgrade, destroy) wait "
        "until it ends.\n\n"
        "A custom or tar dump is restored while it arrives: several sessions load its rows, and "
        "no copy of it is written to disk. A large table is loaded by all of them, so its rows "
        "may be stored in another order than in the dump. With --jobs 1 they keep it. As many "
        "sessions build the indexes and constraints afterwards. A plain dump is loaded by one "
        "session.\n\n"
        "A dump is refused with exit code 4 if it lacks tables that have rows now, and these "
        "tables are named. That is the case for a dump of one table, of the schema alone or the "
        "rows alone, and for a script. A plain dump is checked at its end. With --replace these "
        "tables are deleted with their rows. With --merge the dump is added to the database in "
        "one transaction: it creates what is missing, adds rows to tables that exist, and changes "
        "nothing else. Nothing in the dump can end that transaction early. If it creates a table "
        "that exists, or adds a key that exists, the whole "
        "merge is undone. To run a script in the database without any of this, use 'dokku "
        "postgres:connect SERVICE < FILE'.\n\n"
        "To restore one table of a full dump and keep everything else, import the dump into a new "
        "service and take the table from there: 'dokku postgres:create OLD', 'dokku "
        "postgres:import OLD < FILE', 'dokku postgres:enter OLD pg_dump -U postgres -Fc -t TABLE "
        "OLD > one-table.dump', 'dokku postgres:import SERVICE --merge < one-table.dump'. The "
        "database of a service has its name, with _ instead of each dash.\n\n"
        "The settings and grants of the database itself stay. Owners and tablespaces in the dump "
        "are ignored: everything belongs to the service's user. Some entries are left out, with a "
        "line for each kind: grants and default privileges for roles that do not exist here, "
        "settings that this major does not know, what pg_dump --clean removes, what exists "
        "already (the schema public, the language plpgsql), and the event triggers and "
        "publications of Heroku, Supabase and RDS. A policy for a role that does not exist is an "
        "error that says how to create the role. Other errors name the line, the entry "
        "or the statement. With "
        "--allow-errors what fails is shown and left out, and the exit code is 5. A plain dump "
        "may only hold what belongs to one database: backslash commands, statements about "
        "databases, roles and tablespaces, and COPY with files or programs are refused.\n\n"
        "A dump can hold code. It runs as a role that is made for the import and removed after "
        "it. This role owns only the contents of the new database. It cannot reach other "
        "databases, roles, files or programs of the server. Extensions that the server has are "
        "created for it. Other things that only a superuser may create (event triggers, operator "
        "classes, functions in C, foreign servers) are refused, and so is dblink, which reaches "
        "other databases. So is a plain dump if psql in the image is older than August 2025, "
        "because that psql cannot be kept from running commands in a script. --trusted gives the "
        "dump the rights of a superuser and lifts these limits.\n\n"
        "Limits: what the dump brought runs with other rights when it is used. Its triggers, "
        "views and functions have the rights of whoever uses them. The functions of an index have "
        "those of the service's user when the server gathers statistics. An app that logs in as "
        "the service's user is a superuser. Import a dump that you do not trust into a service of "
        "its own.",
};

// `hstore`, `citext:heroku_ext`
static pg::Provision provision_of(const cli::Invocation& given) {
    pg::Provision wanted{.schemas = given.all("schema")};
    for (const auto& text : given.all("extension")) {
        const auto colon = text.find(':');
        const std::string schema = colon == std::string::npos ? "public" : text.substr(colon + 1);
        wanted.extensions.emplace_back(text.substr(0, colon), schema);
    }
    const auto is_empty = [](const auto& one) { return one.first.empty() || one.second.empty(); };
    if (std::any_of(wanted.extensions.begin(), wanted.extensions.end(), is_empty) ||
        std::count(wanted.schemas.begin(), wanted.schemas.end(), "") > 0)
        throw usage_error("an extension or a schema has no name");
    return wanted;
}

// Refuses flags that exclude each other.
static void check_flags(const cli::Invocation& given) {
    if (!given.has("merge")) return;
    for (const char* flag : {"replace", "allow-errors", "jobs"}) {
        if (!given.has(flag)) continue;
        throw usage_error(std::string{"--merge and --"} + flag + " cannot be combined",
                          "A merge is one transaction of one session: all of it or nothing.");
    }
}

static void run(const cli::Invocation& given) {
    const auto jobs = given.number("jobs", 1, 64);
    check_flags(given);
    const auto provision = provision_of(given);
    const auto& context = service::context();
    const auto service = service::open(context, given["service"]);
    ProgressReport reporting{given, context};
    transfer::ImportOptions how{.grants = !given.has("no-acl"),
                                .trusted = given.has("trusted"),
                                .replace = given.has("replace"),
                                .merge = given.has("merge"),
                                .lenient = given.has("allow-errors"),
                                .provision = provision,
                                .jobs = {},
                                .taken = reporting.handed_over(),
                                .filled = reporting.filled()};
    if (jobs) how.jobs = static_cast<int>(*jobs);
    const std::size_t failed = transfer::import_dump(service, STDIN_FILENO, how);
    host::info2("Dump imported into service " + service.name + ", " + reporting.end());
    if (failed == 0) return;
    throw Error{std::to_string(failed) + (failed == 1 ? " statement" : " statements") +
                    " of the dump failed",
                "The database is the new one, without what they would have made.", Exit::degraded};
}

int main(int argc, char** argv) { return cli::main(command, run, argc, argv); }
