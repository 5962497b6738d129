// dokku postgres:upgrade -- run a service on another image of the same major, or with other
// settings.

#include "server/upgrade.h"
#include "cli/main.h"
#include "creation.h"
#include "error/error.h"
#include "host/log.h"
#include "server/container.h"
#include "service/service.h"
#include "wait_timeout.h"

constexpr cli::Argument arguments[] = {
    {"service", "service to run command against"},
};
using service::Setting;
constexpr cli::Flag further_flags[] = {
    progress_flag,
    {'R', "restart-apps", "true|false", "deploy every linked app once afterwards (default: false)"},
    wait_timeout_flag,
};
constexpr auto flags = setting_flags_and(
    further_flags,
    {{Setting::image_version, "the version of the image, of the same major"},
     {Setting::memory,
      "memory limit of the container, 512m or 2g; a plain number is megabytes, \"\" for none"},
     {Setting::config_options, "options for the server's command line, \"\" for none"},
     {Setting::custom_env, "environment variables of the container, \"\" for none"}});
constexpr cli::Example examples[] = {
    {"the newest minor version of the service's tag", "dokku postgres:upgrade lollipop"},
    {"an exact version", "dokku postgres:upgrade lollipop --image-version 17.6"},
    {"more memory", "dokku postgres:upgrade lollipop --memory 2g"},
};
constexpr cli::Command command{
    .name = "upgrade",
    .summary = "run the Postgres service on another image of the same major or with other settings",
    .arguments = arguments,
    .flags = flags,
    .examples = examples,
    .details =
        "The container is recreated. Data, password and links stay. Settings that you do not name "
        "keep their value. Without any flag the newest image of the service's tag is pulled. An "
        "image that exists only on this host is used as it is. All connections end, and the "
        "command says so before. If the new server does not answer in time, the container is "
        "recreated as it was and the command fails.\n\n"
        "Another major cannot read the data and is refused. The error shows the commands that "
        "copy the data to a new service of that major and keep the variables of the linked apps: "
        "ps:stop APP, so that nothing is written meanwhile; clone OLD NEW --image-version 18; "
        "link NEW APP; promote NEW APP, which gives DATABASE_URL to NEW; unlink OLD APP; ps:start "
        "APP. Destroy OLD when all is well.",
};

static void run(const cli::Invocation& given) {
    const auto settings = settings_of(given);
    const auto patience = wait_timeout_of(given);
    const std::string restart = given.find("restart-apps").value_or("false");
    if (restart != "true" && restart != "false")
        throw usage_error("--restart-apps takes true or false, not '" + restart + "'");
    const auto& context = service::context();
    show_pulls(given, context);
    const auto service = service::open(context, given["service"]);
    const auto done = server::upgrade(service, settings, restart == "true", patience);
    const auto container = server::container_of(service);
    if (!container || !container->running())
        host::info2("Service " + service.name + " will run " + done.reference);
    else if (done.changed)
        host::info2("Service " + service.name + " runs " + done.reference);
    else
        host::info1("Service " + service.name + " already running " + done.reference);
}

int main(int argc, char** argv) { return cli::main(command, run, argc, argv); }
