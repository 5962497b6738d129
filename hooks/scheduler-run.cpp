// The trigger scheduler-run -- prepare an app's services before a one-off container, which gets the
// app's config when it is created: SCHEDULER APP COUNT VARIABLE.. -- WORD..

#include "cli/main.h"
#include "linking/prepare.h"

static void run(const std::vector<std::string>& words) {
    if (words.size() < 2 || words[0] != "docker-local") return;
    linking::prepare(service::context(), words[1]);
}

int main(int argc, char** argv) { return cli::hook(run, argc, argv); }
