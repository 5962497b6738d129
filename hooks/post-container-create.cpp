// The trigger post-container-create -- connect a new container to the services' network: app CID
// APP PHASE [PROC].

#include "cli/main.h"
#include "server/linked_apps.h"
#include "service/links.h"

static void run(const std::vector<std::string>& words) {
    if (words.size() < 3 || words[0] != "app") return;
    const auto& context = service::context();
    if (service::services_of(context, words[2]).empty()) return;
    server::join_new_container(context, words[2], words[1]);
}

int main(int argc, char** argv) { return cli::hook(run, argc, argv); }
