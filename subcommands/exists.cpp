// dokku postgres:exists -- check whether a service exists.

#include "cli/main.h"
#include "error/error.h"
#include "host/log.h"
#include "service/service.h"

constexpr cli::Argument arguments[] = {
    {"service", "service to run command against"},
};
constexpr cli::Example examples[] = {
    {"exits with 0 if it exists", "dokku postgres:exists lollipop"},
};
constexpr cli::Command command{
    .name = "exists",
    .summary = "check if the Postgres service exists",
    .arguments = arguments,
    .examples = examples,
    .details = "Exits with 0 if it exists and with 1 if it does not.",
};

static void run(const cli::Invocation& given) {
    const auto& name = given["service"];
    try {
        service::open(service::context(), name);
    } catch (const Error& error) {
        // not an error here, but the answer
        if (error.code() != Exit::no_service) throw;
        throw Error{error.what()};
    }
    host::info1("Service " + name + " exists");
}

int main(int argc, char** argv) { return cli::main(command, run, argc, argv); }
