// dokku postgres:set -- change or clear a setting of a service.

#include <algorithm>
#include <array>
#include <cstddef>

#include "cli/main.h"
#include "host/log.h"
#include "server/upgrade.h"
#include "service/service.h"
#include "service/settings.h"
#include "wait_timeout.h"

constexpr std::size_t keys_length = [] {
    std::size_t length = 0;
    for (const auto& row : service::setting_rows)
        if (row.is_key) length += row.name.size() + 1;
    return length;
}();
// All keys, each followed by a bar.
constexpr auto keys = [] {
    std::array<char, keys_length> text{};
    auto* end = text.begin();
    for (const auto& row : service::setting_rows) {
        if (!row.is_key) continue;
        end = std::copy(row.name.begin(), row.name.end(), end);
        *end++ = '|';
    }
    return text;
}();

constexpr cli::Argument arguments[] = {
    {"service", "service to run command against"},
    {"key", "name of the setting", cli::Need::required, {keys.data(), keys.size() - 1}},
    {"value", "its value (default: the setting is cleared)", cli::verbatim},
};
constexpr cli::Flag flags[] = {
    wait_timeout_flag,
};
constexpr cli::Example examples[] = {
    {"join two networks at the next start",
     "dokku postgres:set lollipop post-create-network custom-network,other-network"},
    {"leave them at the next start", "dokku postgres:set lollipop post-create-network"},
    {"options for the server's command line",
     "dokku postgres:set lollipop config-options -c work_mem=16MB"},
    {"a memory limit of 1 GB", "dokku postgres:set lollipop memory 1g"},
};
constexpr cli::Command command{
    .name = "set",
    .summary = "set or clear a setting of the Postgres service",
    .arguments = arguments,
    .flags = flags,
    .examples = examples,
    .details =
        "Keys: initial-network, post-create-network and post-start-network (networks, "
        "comma-separated); memory (512m, 2g; a plain number is megabytes), shm-size (256m, 1g), "
        "config-options (options for the server's command line), custom-env (K=V;K=V). Without a "
        "value the default comes back.\n\n"
        "Networks take effect when the container is next started, the initial one when it is next "
        "recreated. The command says how. For the other keys the container is recreated at once, "
        "which ends all connections. If its server does not answer, the old setting comes back "
        "and the command fails.",
};

static void say_when(const std::string& key, const std::string& service) {
    if (key == "initial-network") {
        host::verbose("It takes effect when the container is next made: dokku postgres:stop " +
                      service + ", then dokku postgres:start " + service);
    } else if (key.ends_with("-network")) {
        host::verbose(
            "It takes effect when the container is next started: dokku "
            "postgres:restart " +
            service);
    }
}

static void run(const cli::Invocation& given) {
    const std::string& key = given["key"];
    const std::string value = cli::joined(given.all("value"), " ");
    const auto settings = service::setting(key, value);
    service::check(settings);
    const auto patience = wait_timeout_of(given);
    const auto& context = service::context();
    const auto service = service::open(context, given["service"]);
    server::set(service, settings, patience);
    host::info2(value.empty() ? "Unsetting " + key
                              : "Setting " + key + " to " + host::printable(value));
    say_when(key, service.name);
}

int main(int argc, char** argv) { return cli::main(command, run, argc, argv); }
