// dokku postgres:exists -- whether there is such a service.

#include "cli/main.h"
#include "error/error.h"
#include "host/log.h"
#include "service/service.h"

constexpr cli::Argument arguments[] = {
    {"service", "service to run command against"},
};
constexpr cli::Example examples[] = {
    {"ends with 0 when it does", "dokku postgres:exists lollipop"},
};
constexpr cli::Command command{
    .name = "exists",
    .summary = "check if the Postgres service exists",
    .arguments = arguments,
    .examples = examples,
    .details = "Ends with 0 when it exists and with 1 when it does not.",
};

static void run(const cli::Invocation& given) {
    const auto& name = given["service"];
    try {
        service::open(service::context(), name);
    } catch (const Error& error) {
        // 3 says that a command needs the service; here its absence is the answer.
        if (error.code() != Exit::no_service) throw;
        throw Error{error.what()};
    }
    host::info1("Service " + name + " exists");
}

int main(int argc, char** argv) { return cli::main(command, run, argc, argv); }
