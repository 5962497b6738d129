// dokku postgres:linked -- check whether an app is linked to a service.

#include "cli/main.h"
#include "error/error.h"
#include "host/log.h"
#include "linking/link.h"
#include "service/links.h"

constexpr cli::Argument arguments[] = {
    {"service", "service to run command against"},
    {"app", "app to run command against; Dokku's --app works too", cli::optional},
};
constexpr cli::Example examples[] = {
    {"exits with 0 if it is linked", "dokku postgres:linked lollipop playground"},
};
constexpr cli::Command command{
    .name = "linked",
    .summary = "check if the Postgres service is linked to an app",
    .arguments = arguments,
    .examples = examples,
    .details =
        "Exits with 0 if the app is linked. Exits with 1 if it is not, or if the service or the "
        "app does not exist.",
};

static void run(const cli::Invocation& given) {
    const auto& context = service::context();
    const auto app = linking::chosen_app(context, given.find("app"));
    bool linked = false;
    try {
        const auto service = service::open(context, given["service"]);
        context.dokku.verify_app(app);
        linked = service::is_linked(service, app);
    } catch (const Error& error) {
        if (error.code() != Exit::no_service && error.code() != Exit::no_app) throw;
        throw Error{error.what()};
    }
    if (!linked) throw Error{"Service " + given["service"] + " is not linked to " + app};
    host::info1("Service " + given["service"] + " is linked to " + app);
}

int main(int argc, char** argv) { return cli::main(command, run, argc, argv); }
