// dokku postgres:wait -- wait until a service answers.

#include "cli/main.h"
#include "host/log.h"
#include "service/ready.h"

constexpr cli::Argument arguments[] = {
    {"service", "service to run command against"},
};
constexpr cli::Flag flags[] = {
    {'t', "timeout", "SECONDS", "how long to wait (default: 60)"},
};
constexpr cli::Example examples[] = {
    {"before a migration", "dokku postgres:wait lollipop --timeout 300"},
};
constexpr cli::Command command{
    .name = "wait",
    .summary = "wait until the Postgres service answers",
    .arguments = arguments,
    .flags = flags,
    .examples = examples,
    .details =
        "Ends with 0 as soon as a login succeeds, with 6 when the time is over, and at once "
        "when the service is down or its container keeps ending.",
};

static void run(const cli::Invocation& given) {
    const auto seconds = given.number("timeout", 0, 86400).value_or(60);
    const auto& site = service::site();
    const auto service = service::open(site, given["service"]);
    service::wait_until_ready(site, service, std::chrono::seconds(seconds));
    host::verbose("Service " + service.name + " answers");
}

int main(int argc, char** argv) { return cli::main(command, run, argc, argv); }
