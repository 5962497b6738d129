// The trigger pre-restore -- start the linked services at boot, before any app.

#include "cli/main.h"
#include "linking/prepare.h"

static void run(const std::vector<std::string>&) { linking::bring_up_linked(service::context()); }

int main(int argc, char** argv) { return cli::hook(run, argc, argv); }
