// The trigger post-app-rename-setup -- give a renamed app its links under the new name: OLD NEW.

#include "cli/main.h"
#include "linking/app_events.h"

static void run(const std::vector<std::string>& words) {
    // Dokku destroys the app of the old name afterwards; its pre-delete removes that name from the
    // records
    if (words.size() < 2) return;
    linking::copy_links(service::context(), words[0], words[1]);
}

int main(int argc, char** argv) { return cli::hook(run, argc, argv); }
