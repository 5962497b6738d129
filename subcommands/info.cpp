// dokku postgres:info -- what a service is and does.

#include "service/info.h"

#include "cli/json.h"
#include "cli/main.h"
#include "error/error.h"
#include "host/log.h"
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
    {0, "format", "FORMAT", "stdout (default) or json"},
};
constexpr cli::Example examples[] = {
    {"everything, the password masked", "dokku postgres:info lollipop"},
    {"one value alone", "dokku postgres:info lollipop --dsn"},
};
constexpr cli::Command command{
    .name = "info",
    .summary = "print the service information",
    .arguments = arguments,
    .flags = flags,
    .examples = examples,
    .details =
        "The password is shown by --dsn only. The table calls a service stopped that was taken "
        "down and lost nothing; --status and JSON have the engine's word, exited or missing.",
};

// The one value that a flag asks for, empty when none does.
static std::string wanted(const cli::Invocation& given) {
    std::string found;
    for (const auto& flag : flags) {
        if (!flag.value.empty() || !given.has(flag.name)) continue;
        if (!found.empty()) throw usage_error("one flag at a time shows its value");
        found = flag.name;
    }
    return found;
}

static void run(const cli::Invocation& given) {
    const auto flag = wanted(given);
    const bool json = cli::wants_json(given.find("format").value_or("stdout"));
    if (json && !flag.empty()) {
        throw usage_error("--format json and --" + flag + " exclude each other");
    }
    const auto& site = service::site();
    const auto service = service::open(site, given["service"]);
    if (flag == "dsn") return cli::print(service::to_string(service::url_of(service)) + "\n");
    const auto facts = service::info(site, service);
    if (json) return cli::print(cli::json_object(facts));
    if (flag.empty()) {
        host::info2(service.name + " postgres service information");
        return cli::print(service::table(service::in_words(site, service, facts)));
    }
    for (const auto& [key, value] : facts) {
        if (key == flag) cli::print(host::printable(value) + "\n");
    }
}

int main(int argc, char** argv) { return cli::main(command, run, argc, argv); }
