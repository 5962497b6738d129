// dokku postgres:promote -- put a linked service into DATABASE_URL.

#include "linking/promote.h"

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
    {"other_service becomes the app's DATABASE_URL",
     "dokku postgres:promote other_service playground"},
};
constexpr cli::Command command{
    .name = "promote",
    .summary = "promote the Postgres service as DATABASE_URL in the app",
    .arguments = arguments,
    .flags = flags,
    .examples = examples,
    .details =
        "The old value of DATABASE_URL is kept as DOKKU_POSTGRES_<COLOUR>_URL, unless another "
        "variable of the app already holds it. The variable that the service had stays. The app "
        "is deployed once.",
};

static void run(const cli::Invocation& given) {
    const auto& context = service::context();
    const auto app = linking::chosen_app(context, given.find("app"));
    const auto service = service::open(context, given["service"]);
    linking::promote(service, app, !given.has("no-restart"));
}

int main(int argc, char** argv) { return cli::main(command, run, argc, argv); }
