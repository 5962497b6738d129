// dokku postgres:create -- create a service, and link an app to it if one is named.

#include "server/create.h"

#include "cli/main.h"
#include "cli/report.h"
#include "creation.h"
#include "host/log.h"
#include "linking/link.h"
#include "process/cancellation.h"
#include "server/info.h"

constexpr cli::Argument arguments[] = {
    {"service", "name of the new service"},
};
using service::Setting;
constexpr auto creation = setting_flags_and(
    creation_flags,
    {{Setting::image, "the image to run (default: postgres)"},
     {Setting::image_version, "the version of the image (default: 17)"},
     {Setting::memory,
      "memory limit of the container, 512m or 2g; a plain number is megabytes (default: "
      "unlimited)"},
     default_shm_size});
constexpr auto flags = [] {
    std::array<cli::Flag, creation.size() + 1> all{};
    std::copy(creation.begin(), creation.end(), all.begin());
    all.back() = {0, "link", "APP", "link this app to the new service at once"};
    return all;
}();
constexpr cli::Example examples[] = {
    {"PostgreSQL 17", "dokku postgres:create lollipop"},
    {"another major, linked to an existing app",
     "dokku postgres:create lollipop --image-version 18 --link playground"},
    {"a compatible image",
     "dokku postgres:create maps --image postgis/postgis --image-version 17-3.5"},
};
constexpr cli::Command command{
    .name = "create",
    .summary = "create a Postgres service",
    .arguments = arguments,
    .flags = flags,
    .examples = examples,
    .details =
        "PostgreSQL 14 to 18 are supported. Any image that behaves like the official one can be "
        "used. The major is read from the image itself.\n\n"
        "The command returns when the server answers. If something fails, or you press Ctrl-C, "
        "everything that was made is removed. If the server does not start, the reason is "
        "shown.\n\n"
        "A password on the command line is visible to others in the process list while the "
        "command runs. The random one is not.",
};

static service::Service created(const service::Context& context, const std::string& name,
                                const server::Options& options) {
    const process::Cancellation interrupt;
    try {
        return server::create(context, name, options);
    } catch (const process::Cancelled& interrupted) {
        throw Error{interrupted.what(), "There is no service " + name + "."};
    }
}

static void run(const cli::Invocation& given) {
    auto options = options_of(given);
    options.app = given.find("link");
    const auto& context = service::context();
    show_pulls(given, context);
    service::check_name(given["service"]);
    if (options.app) linking::check_linkable(context, *options.app);
    const auto service = created(context, given["service"], options);
    if (options.app) linking::link(service, *options.app, {});
    host::info2("Postgres container created: " + service.name);
    cli::print(cli::table(server::info(service)));
}

int main(int argc, char** argv) { return cli::main(command, run, argc, argv); }
