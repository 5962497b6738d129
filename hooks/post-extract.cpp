// The trigger post-extract -- correct an app's config before its build: APP DIR REV.

#include "cli/main.h"
#include "linking/prepare.h"

static void run(const std::vector<std::string>& words) {
    if (words.empty()) return;
    linking::prepare(service::context(), words[0]);
}

int main(int argc, char** argv) { return cli::hook(run, argc, argv); }
