// dokku postgres:info -- show the settings and the state of a service.

#include "server/info.h"

#include <algorithm>

#include "cli/main.h"
#include "cli/manual.h"
#include "cli/report.h"
#include "error/error.h"
#include "host/log.h"
#include "report/figures.h"
#include "service/links.h"
#include "service/variables.h"

constexpr cli::Argument arguments[] = {
    {"service", "service to run command against"},
};
constexpr cli::Flag flags[] = {
    {0, "config-dir", "", "show the service configuration directory"},
    {0, "config-options", "", "show the service's further options"},
    {0, "data-dir", "", "show the service data directory"},
    {0, "dsn", "", "show the service DSN, with its password"},
    {0, "exposed-ports", "", "show service exposed ports"},
    {0, "id", "", "show the service container id"},
    {0, "internal-ip", "", "show the service internal ip"},
    {0, "initial-network", "", "show the initial network being connected to"},
    {0, "links", "", "show the service app links"},
    {0, "post-create-network", "",
     "show the networks to attach to after service container creation"},
    {0, "post-start-network", "", "show the networks to attach to after service container start"},
    {0, "service-root", "", "show the service root directory"},
    {0, "status", "", "show the service running status"},
    {0, "version", "", "show the service image version"},
    {0, "image", "", "show the name of the service's image"},
    {0, "image-version", "", "show the tag of the service's image"},
    {0, "memory", "", "show the memory limit"},
    {0, "shm-size", "", "show the size of shared memory"},
    {0, "mounts", "", "show the folders of the host in the service's container"},
    {0, "custom-env", "", "show the names of the service's environment variables"},
    {0, "server-version", "", "show the exact version of the running server"},
    {0, "size", "", "show the size of the service's database"},
    {0, "connections", "", "show the number of connections to the database"},
    {0, "uptime", "", "show how long the server has been up"},
    cli::format_flag,
};
constexpr cli::Example examples[] = {
    {"everything, with the password masked", "dokku postgres:info lollipop"},
    {"one value alone", "dokku postgres:info lollipop --dsn"},
    {"the variables of each link, for a script",
     "dokku postgres:info lollipop --links --format json"},
};
constexpr cli::Command command{
    .name = "info",
    .summary = "print the service information",
    .arguments = arguments,
    .flags = flags,
    .examples = examples,
    .details =
        "Only --dsn shows the password. Values of variables are never shown: links and the "
        "environment are listed by the names of their variables.\n\n"
        "In JSON, sizes are in bytes, times are in seconds, lists are arrays, and what is unknown "
        "or not set is null. --format json together with another flag prints that value alone. "
        "The server itself is asked for its version, size, connections and uptime; if it does not "
        "answer, they are null. In the table, a service that was taken down without losing "
        "anything is called stopped. --status and JSON have the word of the engine: exited or "
        "missing.",
};

// The value that a flag selects, empty if there is no such flag.
static std::string wanted(const cli::Invocation& given) {
    std::string found;
    for (const auto& flag : flags) {
        if (!flag.value.empty() || !given.has(flag.name)) continue;
        if (!found.empty()) throw usage_error("one flag at a time shows its value");
        found = flag.name;
    }
    return found;
}

static bool is_figure(const std::string& flag) {
    const auto& columns = report::figures.columns;
    return std::any_of(columns.begin(), columns.end(),
                       [&](const report::Column& column) { return column.name == flag; });
}

static const value::Value& field(const value::Fields& fields, const std::string& key) {
    return std::find_if(fields.begin(), fields.end(),
                        [&](const auto& one) { return one.first == key; })
        ->second;
}

static value::Fields facts_of(const service::Service& service, const std::string& flag) {
    auto facts = server::info(service);
    if (!flag.empty() && !is_figure(flag)) return facts;
    const auto& address = field(facts, "internal-ip");
    auto figures =
        server::figures(service, cli::text(address), cli::plugin_folder() + "/subcommands/wait");
    facts.insert(facts.end(), figures.begin(), figures.end());
    return facts;
}

// Plain output lists only the apps, because scripts expect that.
static value::Value apps_of(const service::Service& service) {
    const auto apps = service::visible_linked_apps(service);
    return apps.empty() ? "-" : cli::joined(apps, " ");
}

static value::Value single(const service::Service& service, const std::string& flag, bool json) {
    if (flag == "dsn") return service::to_string(service::url_of(service));
    if (flag == "links" && !json) return apps_of(service);
    return field(facts_of(service, flag), flag);
}

static void run(const cli::Invocation& given) {
    const auto flag = wanted(given);
    const auto service = service::open(service::context(), given["service"]);
    if (!flag.empty()) {
        const auto report = [&] { return single(service, flag, true); };
        const auto line = [&] { cli::print(cli::text(single(service, flag, false)) + "\n"); };
        return cli::show(given, report, line);
    }
    const auto report = [&] { return facts_of(service, flag); };
    const auto lines = [&] {
        const auto facts = facts_of(service, flag);
        host::info2(service.name + " postgres service information");
        cli::print(cli::table(server::in_words(service, facts)));
    };
    cli::show(given, report, lines);
}

int main(int argc, char** argv) { return cli::main(command, run, argc, argv); }
