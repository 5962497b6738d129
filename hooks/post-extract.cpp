// The trigger post-extract -- put an app's config right before its build: APP DIR REV.

#include "cli/main.h"
#include "service/prepare.h"

static void run(const std::vector<std::string>& words) {
    if (words.empty()) return;
    service::prepare(service::site(), words[0]);
}

int main(int argc, char** argv) { return cli::hook(run, argc, argv); }
