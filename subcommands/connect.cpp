// dokku postgres:connect -- psql in a service's database.

#include "backup/session.h"
#include "cli/main.h"
#include "service/service.h"

constexpr cli::Argument arguments[] = {
    {"service", "service to run command against"},
};
constexpr cli::Flag flags[] = {
    {'c', "command", "SQL", "run this and end; several are run in turn", true},
};
constexpr cli::Example examples[] = {
    {"a prompt", "dokku postgres:connect lollipop"},
    {"one statement", "dokku postgres:connect lollipop -c 'SELECT count(*) FROM users'"},
    {"a script", "dokku postgres:connect lollipop < script.sql"},
};
constexpr cli::Command command{
    .name = "connect",
    .summary = "connect to the service via the postgres connection tool",
    .arguments = arguments,
    .flags = flags,
    .examples = examples,
    .details =
        "Runs psql of the service's own image as the superuser. It stops at the first error, and "
        "its exit code is the command's. Without a terminal it reads a script from standard input.",
};

static void run(const cli::Invocation& given) {
    const auto& site = service::site();
    const auto service = service::open(site, given["service"]);
    std::vector<std::string> words = {"psql", "--no-psqlrc", "--no-password",
                                      "--set=ON_ERROR_STOP=1"};
    const auto statements = given.all("command");
    // a pager would wait for a key where nobody asked for a prompt, and not every image has one
    if (!statements.empty()) words.emplace_back("--pset=pager=off");
    for (const auto& statement : statements) words.push_back("--command=" + statement);
    process::Command psql;
    {
        // no connection of ours and no lock stays while a person looks at a prompt
        const backup::Session session{site, service, backup::Use::reading};
        psql = session.tool({.words = words,
                             .database = session.database(),
                             .input = true,
                             .terminal = site.environment.terminal_in});
    }
    process::replace_by(psql);
}

int main(int argc, char** argv) { return cli::main(command, run, argc, argv); }
