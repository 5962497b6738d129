// The trigger pre-delete -- forget the links of an app that is destroyed: APP TAG.

#include "cli/main.h"
#include "service/apps.h"

static void run(const std::vector<std::string>& words) {
    if (words.empty()) return;
    service::drop_links(service::site(), words[0]);
}

int main(int argc, char** argv) { return cli::hook(run, argc, argv); }
