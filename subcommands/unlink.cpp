// dokku postgres:unlink -- remove a service's URL from an app.

#include "linking/unlink.h"

#include "cli/main.h"
#include "linking/link.h"

constexpr cli::Argument arguments[] = {
    {"service", "service to run command against"},
    {"app", "app to run command against; Dokku's --app works too", cli::optional, "linked-app"},
};
constexpr cli::Flag flags[] = {
    {'n', "no-restart", "", "do not deploy the app; over ssh write --no-restart"},
};
constexpr cli::Example examples[] = {
    {"the app is deployed once, without the variable", "dokku postgres:unlink lollipop playground"},
};
constexpr cli::Command command{
    .name = "unlink",
    .summary = "unlink the Postgres service from the app",
    .arguments = arguments,
    .flags = flags,
    .examples = examples,
    .details =
        "The variables of the link are removed from the app's config. A variable that was given "
        "another value meanwhile is named and kept. If the app no longer exists, its record is "
        "removed.",
};

static void run(const cli::Invocation& given) {
    const auto& context = service::context();
    const auto app = linking::chosen_app(context, given.find("app"));
    const auto service = service::open(context, given["service"]);
    linking::unlink(service, app, !given.has("no-restart"));
}

int main(int argc, char** argv) { return cli::main(command, run, argc, argv); }
