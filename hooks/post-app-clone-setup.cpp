// The trigger post-app-clone-setup -- give a cloned app the links of the old one: OLD NEW.

#include "cli/main.h"
#include "linking/app_events.h"

static void run(const std::vector<std::string>& words) {
    if (words.size() < 2) return;
    linking::copy_links(service::context(), words[0], words[1]);
}

int main(int argc, char** argv) { return cli::hook(run, argc, argv); }
