// dokku postgres:link -- give an app the URL of a service, and connect it to the service's network.

#include "linking/link.h"

#include "cli/main.h"

constexpr cli::Argument arguments[] = {
    {"service", "service to run command against"},
    {"app", "app to run command against; Dokku's --app works too", cli::optional},
};
constexpr cli::Flag flags[] = {
    {'a', "alias", "BLUE_DATABASE", "the name of the variable without _URL (default: DATABASE)"},
    {'q', "querystring", "pool=5", "arguments to append to the URL, separated by ampersands"},
    {0, "scheme", "SCHEME",
     "the URL's scheme (default: the app's POSTGRES_DATABASE_SCHEME, or postgres)"},
    {'n', "no-restart", "", "do not deploy the app; over ssh write --no-restart"},
};
constexpr cli::Example examples[] = {
    {"the app playground gets DATABASE_URL", "dokku postgres:link lollipop playground"},
    {"a second database, as REPORTING_DATABASE_URL",
     "dokku postgres:link reporting playground --alias REPORTING_DATABASE"},
    {"for a library that wants another scheme",
     "dokku postgres:link lollipop playground --scheme postgresql+asyncpg"},
};
constexpr cli::Command command{
    .name = "link",
    .summary = "link the Postgres service to the app",
    .arguments = arguments,
    .flags = flags,
    .examples = examples,
    .details =
        "The URL of the service is put into the app's config, and each container of the app joins "
        "the network dokku-postgres, where the service has the host name that is in the URL. The "
        "app is deployed once. The first database of an app is DATABASE_URL. Further ones are "
        "DOKKU_POSTGRES_<COLOUR>_URL unless you give an alias.\n\n"
        "From now on the variable belongs to the link. Each deploy compares it with the value "
        "that it must have and corrects it. To set it to something else, unlink the service. "
        "You can then link it again with --alias.\n\n"
        "If an app has a network of its own whose name sorts after dokku-postgres, its containers "
        "may get their default route through ours. They still reach the outside.",
};

static void run(const cli::Invocation& given) {
    const auto& context = service::context();
    const auto app = linking::chosen_app(context, given.find("app"));
    const auto service = service::open(context, given["service"]);
    linking::link(service, app,
                  {.alias = given.find("alias"),
                   .querystring = given.find("querystring").value_or(""),
                   .scheme = given.find("scheme"),
                   .restart = !given.has("no-restart")});
}

int main(int argc, char** argv) { return cli::main(command, run, argc, argv); }
