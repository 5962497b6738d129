// The trigger pre-delete -- remove the links of an app that is destroyed: APP TAG.

#include "cli/main.h"
#include "linking/app_events.h"

static void run(const std::vector<std::string>& words) {
    if (words.empty()) return;
    linking::drop_links(service::context(), words[0]);
}

int main(int argc, char** argv) { return cli::hook(run, argc, argv); }
