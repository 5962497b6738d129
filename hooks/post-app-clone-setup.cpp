// The trigger post-app-clone-setup -- give a cloned app the links of the old one: OLD NEW.

#include "cli/main.h"
#include "service/apps.h"

static void run(const std::vector<std::string>& words) {
    if (words.size() < 2) return;
    service::copy_links(service::site(), words[0], words[1]);
}

int main(int argc, char** argv) { return cli::hook(run, argc, argv); }
