// The trigger service-list -- list the services for other plugins: [TYPE].

#include "cli/main.h"
#include "service/service.h"

static void run(const std::vector<std::string>& words) {
    if (!words.empty() && !words[0].empty() && words[0] != "postgres") return;
    for (const auto& service : service::all(service::context())) {
        cli::print("postgres:" + service.name + "\n");
    }
}

int main(int argc, char** argv) { return cli::hook(run, argc, argv); }
