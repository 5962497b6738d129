// dokku postgres:link -- give an app the URL of a service and a way to it.

#include "linking/link.h"

#include "cli/main.h"

constexpr cli::Argument arguments[] = {
    {"service", "service to run command against"},
    {"app", "app to run command against; Dokku's own --app is taken too", cli::optional},
};
constexpr cli::Flag flags[] = {
    {'a', "alias", "BLUE_DATABASE",
     "the name of the variable, without its _URL (default: DATABASE)"},
    {'q', "querystring", "pool=5", "ampersand delimited arguments to append to the URL"},
    {0, "scheme", "SCHEME",
     "the URL's scheme (default: the app's POSTGRES_DATABASE_SCHEME, or postgres)"},
    {'n', "no-restart", "", "leave the app's containers as they run; over ssh write --no-restart"},
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
        "The app's config gets the URL, and each of its containers joins the network "
        "dokku-postgres, where the service has the name that stands in the URL. The app is "
        "deployed once. The first database of an app is DATABASE_URL, a further one "
        "DOKKU_POSTGRES_<COLOUR>_URL unless it is given an alias.\n\n"
        "The variable belongs to the link from now on: each deploy compares it with what it must "
        "be and puts it right. Unlink the service to set it to something else, or link it under "
        "another alias.\n\n"
        "A container whose own network sorts after dokku-postgres by name may get its default "
        "route through ours; what is outside stays reachable.",
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
