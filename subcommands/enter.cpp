// dokku postgres:enter -- run a shell or a program in a service's container.

#include "cli/main.h"
#include "error/error.h"
#include "host/log.h"
#include "server/container.h"
#include "server/notices.h"
#include "service/service.h"
#include "service/unfinished.h"

constexpr cli::Argument arguments[] = {
    {"service", "service to run command against"},
    {"command", "program to run, with its arguments", cli::verbatim},
};
constexpr cli::Example examples[] = {
    {"a shell", "dokku postgres:enter lollipop"},
    {"a program", "dokku postgres:enter lollipop touch /tmp/test"},
};
constexpr cli::Command command{
    .name = "enter",
    .summary = "enter or run a command in a running Postgres service container",
    .arguments = arguments,
    .examples = examples,
    .details =
        "Runs as root in the container. The exit code is that of the program. Changes outside the "
        "data directory may be lost when the container is recreated.",
};

static void run(const cli::Invocation& given) {
    const auto& context = service::context();
    const auto service = service::open(context, given["service"]);
    service::check_finished(service);
    const auto container = server::container_of(service);
    if (!container) {
        throw Error{"Service container does not exist",
                    server::why_not_running(service, container)};
    }
    if (!container->running()) {
        throw Error{"Service container is not running",
                    server::why_not_running(service, container)};
    }
    auto words = given.all("command");
    if (words.empty()) {
        const bool bash = context.engine.run_in(container->name, {"test", "-x", "/bin/bash"}).ok();
        words.emplace_back(bash ? "/bin/bash" : "/bin/sh");
    }
    host::info1("Filesystem changes may not persist after container restarts");
    process::replace_by(context.engine.exec(
        container->name, words, {.input = true, .terminal = context.environment.terminal_in}));
}

int main(int argc, char** argv) { return cli::main(command, run, argc, argv); }
