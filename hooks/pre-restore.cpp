// The trigger pre-restore -- bring the linked services up at boot, before any app.

#include "cli/main.h"
#include "service/prepare.h"

static void run(const std::vector<std::string>&) { service::bring_up_linked(service::site()); }

int main(int argc, char** argv) { return cli::hook(run, argc, argv); }
