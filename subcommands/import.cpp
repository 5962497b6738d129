// dokku postgres:import -- replace a service's database by a dump from standard input.

#include <unistd.h>

#include <algorithm>

#include "cli/main.h"
#include "error/error.h"
#include "host/log.h"
#include "reporting.h"
#include "service/service.h"
#include "transfer/import.h"

constexpr cli::Argument arguments[] = {
    {"service", "service to run command against"},
};
constexpr cli::Flag flags[] = {
    {'j', "jobs", "N",
     "sessions that fill the database at once, 1 to 64 (default: one for each processor)"},
    {0, "progress", "", "a line every ten seconds where standard error is no terminal"},
    {0, "replace", "", "let go of tables that the dump does not hold, and of their rows"},
    {0, "merge", "", "add what the dump holds to the database, in one transaction"},
    {0, "extension", "NAME[:SCHEMA]", "an extension to make first, in public unless said", true},
    {0, "schema", "NAME", "a schema to make first", true},
    {0, "trusted", "", "run the dump with the rights of a superuser"},
    {'x', "no-acl", "", "leave the dump's grants out"},
    {0, "allow-errors", "", "go on past what fails, tell it, and end with 5"},
};
constexpr cli::Example examples[] = {
    {"import a dump", "dokku postgres:import lollipop < lollipop.dump"},
    {"one table of a dump's, beside what is there",
     "dokku postgres:import lollipop --merge < one-table.dump"},
    {"a dump of less than the database holds, in its place",
     "dokku postgres:import lollipop --replace < yesterday.dump"},
    {"one that needs an extension which it leaves out",
     "dokku postgres:import lollipop --extension citext:public < lollipop.dump"},
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
        "their first bytes, and plain dumps in UTF-16, as PowerShell's '>' writes them. The dump "
        "replaces the database: it is filled beside the old one, which "
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
        "A dump that lacks tables which have rows now (one table, the schema or the rows alone, a "
        "script) is refused with exit 4, and they are named: with --replace they go, with --merge "
        "the dump is added to the database as it is, in one transaction, and 'dokku "
        "postgres:connect SERVICE < FILE' runs a script in the database without any of this. A "
        "merge makes what is not there, adds rows to tables that are, and changes nothing else; a "
        "table or a key that is there already undoes all of it. For a plain dump it is known at "
        "its end.\n\n"
        "The settings and grants of the database itself stay; owners and tablespaces in a dump are "
        "left out, everything belongs to the service's user. So are, with a line for each kind: "
        "grants and default privileges to roles that are not here, settings that this major does "
        "not know, what --clean of pg_dump removes, what is there already (the schema public, the "
        "language plpgsql), and the event triggers and publications of Heroku, Supabase and RDS. A "
        "policy for a role that is not here cannot be left out: the error says how to make the "
        "role. Other errors name the line or the entry; with --allow-errors what fails is told and "
        "left out, and the command ends with 5. A plain dump may only hold what belongs in one "
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

// What cannot be meant together.
static void check_flags(const cli::Invocation& given) {
    if (!given.has("merge")) return;
    for (const char* flag : {"replace", "allow-errors", "jobs"}) {
        if (!given.has(flag)) continue;
        throw usage_error(
            std::string{"--merge and --"} + flag + " do not go together",
            "What is merged is one transaction of one session: all of it or nothing.");
    }
}

static void run(const cli::Invocation& given) {
    const auto jobs = given.number("jobs", 1, 64);
    check_flags(given);
    const auto provision = provision_of(given);
    const auto& context = service::context();
    const auto service = service::open(context, given["service"]);
    Reporting reporting{given, context};
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
