// The trigger pre-start -- start the services of an app before `ps:start` checks the app: APP.

#include "cli/main.h"
#include "linking/prepare.h"

static void run(const std::vector<std::string>& words) {
    if (words.empty()) return;
    linking::prepare(service::context(), words[0]);
}

int main(int argc, char** argv) { return cli::hook(run, argc, argv); }
