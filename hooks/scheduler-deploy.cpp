// The trigger scheduler-deploy -- prepare an app's services before its deploy: SCHEDULER APP TAG
// PROC.

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
        host::warn("the image of app " + app + " contains its old config: run 'dokku ps:rebuild " +
                   app + "' so that its containers get the corrected one");
    }
}

int main(int argc, char** argv) { return cli::hook(run, argc, argv); }
