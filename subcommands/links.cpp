// dokku postgres:links -- list the apps that are linked to a service.

#include "service/links.h"

#include "cli/main.h"
#include "cli/report.h"
#include "server/info.h"

constexpr cli::Argument arguments[] = {
    {"service", "service to run command against"},
};
constexpr cli::Flag flags[] = {
    cli::format_flag,
};
constexpr cli::Example examples[] = {
    {"one app a line", "dokku postgres:links lollipop"},
    {"with the variables of each", "dokku postgres:links lollipop --format json"},
};
constexpr cli::Command command{
    .name = "links",
    .summary = "list all apps linked to the Postgres service",
    .arguments = arguments,
    .flags = flags,
    .examples = examples,
};

static void run(const cli::Invocation& given) {
    const auto& context = service::context();
    const auto service = service::open(context, given["service"]);
    const auto apps = [&] {
        for (const auto& app : service::visible_linked_apps(service)) cli::print(app + "\n");
    };
    const auto report = [&] { return server::links(service); };
    cli::show(given, report, apps);
}

int main(int argc, char** argv) { return cli::main(command, run, argc, argv); }
