// dokku postgres:start -- bring a service up and wait until it answers.

#include "backup/replacement.h"
#include "cli/main.h"
#include "service/life.h"

constexpr cli::Argument arguments[] = {
    {"service", "service to run command against"},
};
constexpr cli::Example examples[] = {
    {"bring it up", "dokku postgres:start lollipop"},
};
constexpr cli::Command command{
    .name = "start",
    .summary = "start a previously stopped Postgres service",
    .arguments = arguments,
    .examples = examples,
    .details =
        "A container that is gone is made again from the service's settings. The command ends when "
        "the server answers. What an import that was killed left in it goes away.",
};

static void run(const cli::Invocation& given) {
    const auto& site = service::site();
    const auto service = service::open(site, given["service"]);
    service::start(site, service);
    backup::remove_left_overs(site, service);
}

int main(int argc, char** argv) { return cli::main(command, run, argc, argv); }
