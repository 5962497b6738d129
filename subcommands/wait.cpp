// dokku postgres:wait -- wait until a service answers.

#include <string_view>
#include <vector>

#include "cli/main.h"
#include "error/error.h"
#include "host/log.h"
#include "report/ask.h"
#include "report/figures.h"
#include "server/container.h"
#include "server/identity.h"
#include "server/notices.h"
#include "server/ready.h"
#include "service/unfinished.h"
#include "service/variables.h"

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
        "Exits with 0 as soon as a login succeeds, and with 6 when the time is over. Fails at "
        "once if the service is stopped or its server does not start.",
};

constexpr std::chrono::seconds patience{60};

static void run(const cli::Invocation& given) {
    const std::chrono::seconds seconds(
        given.number("timeout", 0, 86400).value_or(static_cast<int>(patience.count())));
    const auto& context = service::context();
    const auto service = service::open(context, given["service"]);
    service::check_finished(service);
    const auto container = server::container_of(service);
    if (server::is_stopped(container))
        throw Error{server::stopped(service), server::how_to_start(service)};
    server::wait_until_ready(service, seconds, {.seen = container});
    host::verbose("Service " + service.name + " answers");
}

// For the deploy of a linked app it does not matter whether the caller may see the service.
static void run_for_hook(const std::vector<std::string>& words) {
    const auto& context = service::context();
    server::wait_until_ready(service::at(context, words[1]), patience, {.any_database = true});
}

// For `info`, which does not link libpq: prints the figures of the server at this address.
static void run_for_info(const std::vector<std::string>& words) {
    const auto service = service::at(service::context(), words[1]);
    const auto identity = server::identity_of(service);
    pg::Connection inside{{.host = words[2],
                           .password = service::password(service),
                           .database = service::database_of(service),
                           .timeout = std::chrono::seconds{3},
                           .settings = {"statement_timeout=3s"},
                           .tls = identity.tls,
                           .certificate = identity.certificate}};
    cli::print(report::packed(report::ask(inside, report::figures)));
}

int main(int argc, char** argv) {
    // Dokku passes the command's name as the first word, so users cannot reach these modes.
    const std::string_view first = argc > 1 ? argv[1] : "";
    if (argc == 3 && first == "--for-hook") return cli::hook(run_for_hook, argc, argv);
    if (argc == 4 && first == "--for-info") return cli::hook(run_for_info, argc, argv);
    return cli::main(command, run, argc, argv);
}
