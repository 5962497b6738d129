// The trigger pre-start -- bring the services of an app up before `ps:start` looks at it: APP.

#include "cli/main.h"
#include "service/prepare.h"

static void run(const std::vector<std::string>& words) {
    if (words.empty()) return;
    service::prepare(service::site(), words[0]);
}

int main(int argc, char** argv) { return cli::hook(run, argc, argv); }
