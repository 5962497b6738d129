// The trigger install -- make this host ready, and take over the services that are there.

#include "cli/main.h"
#include "linking/prepare.h"
#include "official/installation.h"

static void run(const std::vector<std::string>&) {
    official::install(service::context(), linking::wait_program().parent_path().parent_path());
}

int main(int argc, char** argv) { return cli::hook(run, argc, argv); }
