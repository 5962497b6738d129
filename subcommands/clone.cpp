// dokku postgres:clone -- create a copy of a service, with its data.

#include "transfer/clone.h"
#include "cli/main.h"
#include "creation.h"
#include "host/log.h"
#include "progress_report.h"
#include "service/service.h"

constexpr cli::Argument arguments[] = {
    {"service", "service to copy"},
    {"new-service", "name of the new service"},
};
using service::Setting;
constexpr auto flags = setting_flags_and(
    creation_flags, {{Setting::image, "the image to run (default: the source's)"},
                     {Setting::image_version, "the version of the image (default: the source's)"},
                     {Setting::memory, "memory limit of the container (default: the source's)"},
                     default_shm_size});
constexpr cli::Example examples[] = {
    {"copy a service", "dokku postgres:clone lollipop lollipop-2"},
    {"copy to another major", "dokku postgres:clone lollipop lollipop-18 --image-version 18"},
};
constexpr cli::Command command{
    .name = "clone",
    .summary = "create container <new-name> then copy data from <name> into <new-name>",
    .arguments = arguments,
    .flags = flags,
    .examples = examples,
    .details =
        "Whatever you do not set with a flag is copied from the source: image, version, options, "
        "environment, limits and networks. The password is a new one. Links, a published port and "
        "mounted folders are not copied.\n\n"
        "The source stays in use, and no dump is written to disk. The version may be a later "
        "major, but not an earlier one. If anything fails, or you press Ctrl-C, the new service "
        "is removed.\n\n"
        "From 128 MB on, the files of the server are copied, as fast as the disk allows. This "
        "needs the same image (PostgreSQL 15 or later), and a source that holds only its own "
        "database and user: no other database, role or tablespace, no unlogged table, "
        "subscription or prepared transaction. The copy has the state of the source when the "
        "copying ends, with the settings and grants of the database.\n\n"
        "Otherwise the data stream from one server to the other. The copy has the state of the "
        "source when the copying begins. Everything belongs to the service's user, and grants are "
        "left out. In a large database several sessions build the indexes.\n\n"
        "Settings that ALTER SYSTEM or pg_hba.conf made in the source are not copied.",
};

static void run(const cli::Invocation& given) {
    const auto options = options_of(given);
    const auto& context = service::context();
    show_pulls(given, context);
    const auto source = service::open(context, given["service"]);
    const std::string& name = given["new-service"];
    host::info2("Cloning " + source.name + " to " + host::printable(name));
    {
        ProgressReport reporting{given, context};
        transfer::clone(source, name, options,
                        {.copied = reporting.handed_over(), .filled = reporting.filled()});
    }
    host::info2("Done");
}

int main(int argc, char** argv) { return cli::main(command, run, argc, argv); }
