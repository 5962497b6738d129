// The trigger scheduler-deploy -- make an app's services serve first: SCHEDULER APP TAG PROC.

#include "cli/main.h"
#include "host/log.h"
#include "linking/prepare.h"

static void run(const std::vector<std::string>& words) {
    if (words.size() < 2 || words[0] != "docker-local") return;
    const auto& context = service::context();
    const auto& app = words[1];
    const auto repaired = linking::prepare(context, app);
    if (repaired.empty()) return;
    if (linking::bakes_config(context, app, words.size() > 2 ? words[2] : "")) {
        host::warn("the image of app " + app +
                   " holds its config as it was: run 'dokku ps:rebuild " + app +
                   "' for its containers to see what was put right");
    }
}

int main(int argc, char** argv) { return cli::hook(run, argc, argv); }
