// dokku postgres:app-links -- list the services that an app is linked to.

#include "cli/main.h"
#include "cli/report.h"
#include "linking/link.h"
#include "server/info.h"
#include "service/links.h"

constexpr cli::Argument arguments[] = {
    {"app", "app to run command against; Dokku's --app works too", cli::optional},
};
constexpr cli::Flag flags[] = {
    cli::format_flag,
};
constexpr cli::Example examples[] = {
    {"one service a line", "dokku postgres:app-links playground"},
    {"with the variables of each", "dokku postgres:app-links playground --format json"},
};
constexpr cli::Command command{
    .name = "app-links",
    .summary = "list all Postgres service links for a given app",
    .arguments = arguments,
    .flags = flags,
    .examples = examples,
};

static void run(const cli::Invocation& given) {
    const auto& context = service::context();
    const auto app = linking::chosen_app(context, given.find("app"));
    context.dokku.verify_app(app);
    const auto services = [&] {
        for (const auto& service : service::visible(context, service::services_of(context, app)))
            cli::print(service.name + "\n");
    };
    const auto report = [&] { return server::links_of(context, app); };
    cli::show(given, report, services);
}

int main(int argc, char** argv) { return cli::main(command, run, argc, argv); }
