// The trigger install -- make this host ready, and take over the services that are there.

#include "cli/main.h"
#include "service/installation.h"
#include "service/prepare.h"

static void run(const std::vector<std::string>&) {
    service::install(service::site(), service::wait_program().parent_path().parent_path());
}

int main(int argc, char** argv) { return cli::hook(run, argc, argv); }
