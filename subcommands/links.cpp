// dokku postgres:links -- the apps that are linked to a service.

#include "service/links.h"

#include "cli/json.h"
#include "cli/main.h"

constexpr cli::Argument arguments[] = {
    {"service", "service to run command against"},
};
constexpr cli::Flag flags[] = {
    {0, "format", "FORMAT", "stdout (default) or json"},
};
constexpr cli::Example examples[] = {
    {"one app a line", "dokku postgres:links lollipop"},
};
constexpr cli::Command command{
    .name = "links",
    .summary = "list all apps linked to the Postgres service",
    .arguments = arguments,
    .flags = flags,
    .examples = examples,
};

static void run(const cli::Invocation& given) {
    const bool json = cli::wants_json(given.find("format").value_or("stdout"));
    const auto& site = service::site();
    const auto apps = service::visible_linked_apps(site, service::open(site, given["service"]));
    if (json) return cli::print(cli::json_list(apps));
    for (const auto& app : apps) cli::print(app + "\n");
}

int main(int argc, char** argv) { return cli::main(command, run, argc, argv); }
