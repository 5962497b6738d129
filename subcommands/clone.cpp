// dokku postgres:clone -- a new service like another, with its data.

#include "transfer/clone.h"
#include "cli/main.h"
#include "creation.h"
#include "host/log.h"
#include "reporting.h"
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
    {"move to another major", "dokku postgres:clone lollipop lollipop-18 --image-version 18"},
};
constexpr cli::Command command{
    .name = "clone",
    .summary = "create container <new-name> then copy data from <name> into <new-name>",
    .arguments = arguments,
    .flags = flags,
    .examples = examples,
    .details =
        "What is not said by a flag is as the source has it: image, version, options, environment, "
        "limits and networks. The password is a new one. Links, a published port and mounted "
        "folders are not taken over.\n\n"
        "The source stays in use meanwhile, and no dump is laid on disk. From 128 MB on the "
        "files of its server are copied, as fast as the disk is, if the image is the same "
        "(PostgreSQL 15 or "
        "later) and the source holds its own database and user only: no other database, role or "
        "tablespace, no unlogged table, subscription or prepared transaction. The copy is then "
        "the state at its end, settings and grants of the database among it. Else the data "
        "stream from one server into the other: the copy is the state of the moment it began, "
        "everything belongs to the service's user, grants are left out, and in a large database "
        "the indexes are built by several sessions at once. What ALTER SYSTEM or pg_hba.conf say "
        "in the source is not taken over. The version may be a later major, not an earlier one. "
        "When anything fails, or Ctrl-C ends it, the new service goes away again.",
};

static void run(const cli::Invocation& given) {
    const auto options = options_of(given);
    const auto& context = service::context();
    show_pulls(given, context);
    const auto source = service::open(context, given["service"]);
    const std::string& name = given["new-service"];
    host::info2("Cloning " + source.name + " to " + host::printable(name));
    {
        Reporting reporting{given, context};
        transfer::clone(source, name, options,
                        {.copied = reporting.handed_over(), .filled = reporting.filled()});
    }
    host::info2("Done");
}

int main(int argc, char** argv) { return cli::main(command, run, argc, argv); }
