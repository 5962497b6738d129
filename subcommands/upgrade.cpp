// dokku postgres:upgrade -- run a service on another image of the same major, or with other
// settings.

#include "service/upgrade.h"
#include "cli/main.h"
#include "creation.h"
#include "error/error.h"
#include "host/log.h"
#include "service/container.h"
#include "service/service.h"

constexpr cli::Argument arguments[] = {
    {"service", "service to run command against"},
};
constexpr cli::Flag flags[] = {
    {'c', "config-options", "OPTIONS", "words for the server's command line, \"\" for none"},
    {'C', "custom-env", "K=V;K=V", "environment variables of the container, \"\" for none"},
    {'i', "image", "IMAGE", "the image to run"},
    {'I', "image-version", "VERSION", "the version of the image, of the same major"},
    {'m', "memory", "SIZE",
     "memory limit of the container, 512m or 2g; a plain number is megabytes, \"\" for none"},
    {'N', "initial-network", "NETWORK", "the first network of the container"},
    {'P', "post-create-network", "NETWORKS",
     "networks to join after the container is made, comma-separated"},
    progress_flag,
    {'R', "restart-apps", "true|false",
     "whether to deploy every linked app once afterwards (default: false)"},
    {'S', "post-start-network", "NETWORKS",
     "networks to join after the container is started, comma-separated"},
    {'s', "shm-size", "SIZE",
     "shared memory of the container, 256m or 1g; a plain number is bytes"},
    {0, "wait-timeout", "SECONDS", "how long the server may take to answer (default: 60)"},
};
constexpr cli::Example examples[] = {
    {"the newest minor version behind the service's own tag", "dokku postgres:upgrade lollipop"},
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
        "The container is made again; data, password and links stay, and settings that are not "
        "named keep their value. Without any flag the newest image behind the service's tag is "
        "pulled; one that is on this host only is taken as it is. All connections end, which the "
        "command says before. When the new server does not answer in time, the container is made "
        "as it was and the command fails.\n\n"
        "Another major cannot read the data and is refused. The answer shows the commands that "
        "move to a copy on that major and keep the variables of the linked apps: ps:stop APP, so "
        "that nothing is written meanwhile; clone OLD NEW --image-version 18; link NEW APP; "
        "promote NEW APP, which gives DATABASE_URL to NEW; unlink OLD APP; ps:start APP. Destroy "
        "OLD when all is well.",
};

static void run(const cli::Invocation& given) {
    const auto settings = settings_of(given);
    const auto patience = std::chrono::seconds(given.number("wait-timeout", 1, 86400).value_or(60));
    const std::string restart = given.find("restart-apps").value_or("false");
    if (restart != "true" && restart != "false")
        throw usage_error("--restart-apps takes true or false, not '" + restart + "'");
    const auto& site = service::site();
    show_pulls(given, site);
    const auto service = service::open(site, given["service"]);
    const auto done = service::upgrade(site, service, settings, restart == "true", patience);
    const auto container = service::container_of(site, service);
    if (!container || !container->running())
        host::info2("Service " + service.name + " will run " + done.reference);
    else if (done.changed)
        host::info2("Service " + service.name + " runs " + done.reference);
    else
        host::info1("Service " + service.name + " already running " + done.reference);
}

int main(int argc, char** argv) { return cli::main(command, run, argc, argv); }
