// The trigger pre-start -- bring the services of an app up before `ps:start` looks at it: APP.

#include "cli/main.h"
#include "linking/prepare.h"

static void run(const std::vector<std::string>& words) {
    if (words.empty()) return;
    linking::prepare(service::context(), words[0]);
}

int main(int argc, char** argv) { return cli::hook(run, argc, argv); }
