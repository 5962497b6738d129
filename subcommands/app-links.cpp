// dokku postgres:app-links -- the services that an app is linked to.

#include "cli/json.h"
#include "cli/main.h"
#include "service/link.h"
#include "service/links.h"

constexpr cli::Argument arguments[] = {
    {"app", "app to run command against; Dokku's own --app is taken too", cli::optional},
};
constexpr cli::Flag flags[] = {
    {0, "format", "FORMAT", "stdout (default) or json"},
};
constexpr cli::Example examples[] = {
    {"one service a line", "dokku postgres:app-links playground"},
};
constexpr cli::Command command{
    .name = "app-links",
    .summary = "list all Postgres service links for a given app",
    .arguments = arguments,
    .flags = flags,
    .examples = examples,
};

static void run(const cli::Invocation& given) {
    const bool json = cli::wants_json(given.find("format").value_or("stdout"));
    const auto& site = service::site();
    const auto app = service::chosen_app(site, given.find("app"));
    site.dokku.verify_app(app);
    std::vector<std::string> names;
    for (const auto& service : service::visible(site, service::services_of(site, app))) {
        names.push_back(service.name);
    }
    if (json) return cli::print(cli::json_list(names));
    for (const auto& name : names) cli::print(name + "\n");
}

int main(int argc, char** argv) { return cli::main(command, run, argc, argv); }
