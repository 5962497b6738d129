// dokku postgres:help -- list the commands, or show one in full.
#include "cli/main.h"
#include "cli/manual.h"

constexpr cli::Argument arguments[] = {
    {"command", "the command to show in full", cli::optional, "command"},
};
constexpr cli::Example examples[] = {
    {"list the commands", "dokku postgres:help"},
    {"show the flags of one", "dokku postgres:help create"},
};
constexpr cli::Command command{
    .name = "help",
    .summary = "list the commands or show one in full",
    .arguments = arguments,
    .examples = examples,
};

static void run(const cli::Invocation& given) {
    cli::show_manual(cli::plugin_folder(), given.find("command").value_or(""));
}

int main(int argc, char** argv) { return cli::main(command, run, argc, argv); }
