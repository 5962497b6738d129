// dokku postgres -- the same as postgres:help.
#include "cli/main.h"
#include "cli/manual.h"

constexpr cli::Command command{
    .name = "default",
    .summary = "list the commands",
    .hidden = true,
};

static void run(const cli::Invocation& /*given*/) { cli::show_manual(cli::plugin_folder(), ""); }

int main(int argc, char** argv) { return cli::main(command, run, argc, argv); }
