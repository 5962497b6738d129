// The trigger uninstall -- give the services back to the official plugin.

#include "cli/main.h"
#include "service/installation.h"

static void run(const std::vector<std::string>& words) {
    // fired at every plugin, whichever is taken away
    if (!words.empty() && words[0] == "postgres") service::give_back(service::site());
}

int main(int argc, char** argv) { return cli::hook(run, argc, argv); }
