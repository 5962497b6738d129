// dokku postgres:list -- list the services.

#include "cli/main.h"
#include "cli/report.h"
#include "host/log.h"
#include "server/info.h"

constexpr cli::Flag flags[] = {
    cli::format_flag,
};
constexpr cli::Example examples[] = {
    {"one service a line", "dokku postgres:list"},
    {"with status, image and links", "dokku postgres:list --format json"},
};
constexpr cli::Command command{
    .name = "list",
    .summary = "list all Postgres services",
    .flags = flags,
    .examples = examples,
};

static void run(const cli::Invocation& given) {
    const auto& context = service::context();
    const auto services = service::visible(context, service::all(context));
    const auto names = [&] {
        if (services.empty()) return host::warn("There are no Postgres services");
        host::info2("Postgres services");
        for (const auto& service : services) cli::print(service.name + "\n");
    };
    const auto report = [&] { return server::summaries(context, services); };
    cli::show(given, report, names);
}

int main(int argc, char** argv) { return cli::main(command, run, argc, argv); }
