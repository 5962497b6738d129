// dokku postgres:clone -- a new service like another, with its data.

#include "backup/copy.h"
#include "cli/main.h"
#include "creation.h"
#include "host/log.h"
#include "reporting.h"
#include "service/service.h"

constexpr cli::Argument arguments[] = {
    {"service", "service to copy"},
    {"new-service", "name of the new service"},
};
constexpr cli::Example examples[] = {
    {"copy a service", "dokku postgres:clone lollipop lollipop-2"},
    {"move to another major", "dokku postgres:clone lollipop lollipop-18 --image-version 18"},
};
constexpr cli::Command command{
    .name = "clone",
    .summary = "create container <new-name> then copy data from <name> into <new-name>",
    .arguments = arguments,
    .flags = creation_flags,
    .examples = examples,
    .details =
        "What is not said by a flag is as the source has it: image, version, options, environment, "
        "limits and networks. The password is a new one. Links, a published port and mounted "
        "folders are not taken over.\n\n"
        "The data stream from one server into the other, with no dump on disk, while the source "
        "stays in use: the copy is the state of the moment it began. In a large database the "
        "indexes are then built by several sessions at once. Everything belongs to the service's "
        "user; grants to other roles are left out. The version may be a later major, not an "
        "earlier one. When anything fails, or Ctrl-C ends it, the new service goes away again.",
};

static void run(const cli::Invocation& given) {
    const auto options = options_of(given);
    const auto& site = service::site();
    show_pulls(given, site);
    const auto source = service::open(site, given["service"]);
    const std::string& name = given["new-service"];
    host::info2("Cloning " + source.name + " to " + host::printable(name));
    {
        Reporting reporting{given, site};
        backup::clone(site, source, name, options,
                      {.copied = reporting.handed_over(), .filled = reporting.filled()});
    }
    host::info2("Done");
}

int main(int argc, char** argv) { return cli::main(command, run, argc, argv); }
