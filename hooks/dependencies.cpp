// The trigger dependencies -- bring the library that our programs need.

#include "cli/main.h"
#include "service/installation.h"
#include "service/prepare.h"

static void run(const std::vector<std::string>&) {
    service::install_dependencies(service::wait_program().parent_path().parent_path());
}

int main(int argc, char** argv) { return cli::hook(run, argc, argv); }
