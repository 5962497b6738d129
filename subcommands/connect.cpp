// dokku postgres:connect -- run psql in a service's database.

#include <unistd.h>

#include "cli/main.h"
#include "service/service.h"
#include "transfer/session.h"

constexpr cli::Argument arguments[] = {
    {"service", "service to run command against"},
};
constexpr cli::Flag flags[] = {
    {'A', "no-align", "", "print rows without padding, as psql -A does"},
    {'c', "command", "SQL", "run this SQL and exit; several run in the order given", true},
    {0, "csv", "", "print rows as CSV"},
    {'t', "tuples-only", "", "print rows without headings, as psql -t does"},
};
constexpr cli::Example examples[] = {
    {"a prompt", "dokku postgres:connect lollipop"},
    {"one statement", "dokku postgres:connect lollipop -c 'SELECT count(*) FROM users'"},
    {"the same over ssh",
     "ssh dokku@host \"postgres:connect lollipop -c 'SELECT count(*) FROM users'\""},
    {"a script", "dokku postgres:connect lollipop < script.sql"},
    {"one value, for use in a script",
     "dokku postgres:connect lollipop -At -c 'SELECT count(*) FROM users'"},
    {"a table as CSV", "dokku postgres:connect lollipop --csv -c 'TABLE users' > users.csv"},
};
constexpr cli::Command command{
    .name = "connect",
    .summary = "connect to the service via the postgres connection tool",
    .arguments = arguments,
    .flags = flags,
    .examples = examples,
    .details =
        "Runs psql of the service's own image as the superuser. Without a terminal it reads a "
        "script from standard input. It stops at the first error, names the line of the error and "
        "exits with 1.\n\n"
        "Over ssh the SQL needs a second pair of quotes, because the first is for the shell of "
        "your "
        "own machine.",
};

// The command line of psql.
static std::vector<std::string> words_of(const cli::Invocation& given, bool terminal) {
    std::vector<std::string> words = {"psql", "--no-psqlrc", "--no-password",
                                      "--set=ON_ERROR_STOP=1"};
    for (const char* flag : {"no-align", "csv", "tuples-only"})
        if (given.has(flag)) words.push_back(std::string("--") + flag);
    const auto statements = given.all("command");
    // a pager would wait for a key, and not every image has one
    if (!statements.empty()) words.emplace_back("--pset=pager=off");
    for (const auto& statement : statements) words.push_back("--command=" + statement);
    if (terminal) return words;
    // with --file errors in a script have line numbers
    if (statements.empty()) words.emplace_back("--file=-");
    // psql's exit codes 2 and 3 mean something else here; not at a prompt, where the shell would
    // get Ctrl-C
    const std::vector<std::string> shell = {
        "sh", "-c", R"("$@"; code=$?; case $code in 2 | 3) code=1 ;; esac; exit $code)", "sh"};
    words.insert(words.begin(), shell.begin(), shell.end());
    return words;
}

static void run(const cli::Invocation& given) {
    const auto& context = service::context();
    const auto service = service::open(context, given["service"]);
    // with a terminal, lines in a file would end with CR LF
    const bool for_person = given.all("command").empty() || ::isatty(STDOUT_FILENO) == 1;
    const bool terminal = context.environment.terminal_in && for_person;
    process::Command psql;
    {
        // no connection and no lock of ours is held during a prompt
        const transfer::Session session{service, transfer::Use::reading};
        psql = session.tool({.words = words_of(given, terminal),
                             .database = session.database(),
                             .input = true,
                             .terminal = terminal});
    }
    process::replace_by(psql);
}

int main(int argc, char** argv) { return cli::main(command, run, argc, argv); }
