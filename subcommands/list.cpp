// dokku postgres:list -- the services that there are.

#include "cli/json.h"
#include "cli/main.h"
#include "host/log.h"
#include "service/info.h"

constexpr cli::Flag flags[] = {
    {0, "format", "FORMAT", "stdout (default) or json, which tells status and links too"},
};
constexpr cli::Example examples[] = {
    {"one service a line", "dokku postgres:list"},
};
constexpr cli::Command command{
    .name = "list",
    .summary = "list all Postgres services",
    .flags = flags,
    .examples = examples,
};

static void run(const cli::Invocation& given) {
    const bool json = cli::wants_json(given.find("format").value_or("stdout"));
    const auto& site = service::site();
    const auto services = service::visible(site, service::all(site));
    if (json) return cli::print(cli::json_objects(service::summaries(site, services)));
    if (services.empty()) return host::warn("There are no Postgres services");
    host::info2("Postgres services");
    for (const auto& service : services) cli::print(service.name + "\n");
}

int main(int argc, char** argv) { return cli::main(command, run, argc, argv); }
