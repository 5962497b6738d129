// The trigger post-container-create -- join a new container to ours: app CID APP PHASE [PROC].

#include "cli/main.h"
#include "service/adoption.h"
#include "service/links.h"

static void run(const std::vector<std::string>& words) {
    if (words.size() < 3 || words[0] != "app") return;
    const auto& site = service::site();
    if (service::services_of(site, words[2]).empty()) return;
    service::join_new_container(site, words[2], words[1]);
}

int main(int argc, char** argv) { return cli::hook(run, argc, argv); }
