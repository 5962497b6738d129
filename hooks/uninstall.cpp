// The trigger uninstall -- give the services back to the official plugin.

#include "cli/main.h"
#include "official/installation.h"

static void run(const std::vector<std::string>& words) {
    // Dokku fires this in all plugins, whichever is uninstalled
    if (!words.empty() && words[0] == "postgres") official::give_back(service::context());
}

int main(int argc, char** argv) { return cli::hook(run, argc, argv); }
