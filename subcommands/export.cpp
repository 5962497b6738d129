// dokku postgres:export -- write a dump of a service's database to standard output.

#include <unistd.h>

#include <optional>

#include "backup/dump.h"
#include "cli/main.h"
#include "cli/progress.h"
#include "host/log.h"
#include "service/service.h"

constexpr cli::Argument arguments[] = {
    {"service", "service to run command against"},
};
constexpr cli::Flag flags[] = {
    {0, "format", "FORMAT", "custom (the default), plain or tar"},
    {0, "compress", "METHOD", "none, gzip, lz4 or zstd, with a level after a colon: zstd:9"},
    {0, "progress", "", "a line every ten seconds where standard error is no terminal"},
};
constexpr cli::Example examples[] = {
    {"write a dump to a file", "dokku postgres:export lollipop > lollipop.dump"},
    {"as SQL to read", "dokku postgres:export lollipop --format plain > lollipop.sql"},
    {"for a pg_restore that knows no zstd",
     "dokku postgres:export lollipop --compress gzip > lollipop.dump"},
};
constexpr cli::Command command{
    .name = "export",
    .summary = "export a dump of the Postgres service database",
    .arguments = arguments,
    .flags = flags,
    .examples = examples,
    .details =
        "The dump is made by pg_dump of the service's own image and streams out as it is made: "
        "nothing but its bytes reaches standard output, and a failure anywhere is the exit code. "
        "It names no owners and no grants, so that it fits into any other service.\n\n"
        "The custom format is compressed with zstd from PostgreSQL 16 on, with gzip before. What a "
        "major exports, pg_restore of the same and of later majors reads; that of earlier majors "
        "may not: dumps of 17 and 18 need 17, those of 16 need 16, those of 14 and 15 need 12.",
};

static void run(const cli::Invocation& given) {
    const auto& site = service::site();
    const auto service = service::open(site, given["service"]);
    std::optional<cli::Progress> progress{
        std::in_place, cli::show_progress(site.environment.quiet, given.has("progress"),
                                          ::isatty(STDERR_FILENO) == 1)};
    backup::dump(site, service,
                 {.format = given.find("format").value_or("custom"),
                  .compress = given.find("compress").value_or("")},
                 STDOUT_FILENO,
                 {.watch = [&](auto done, auto all) { (*progress)(done, all); },
                  .warn =
                      [&](std::string_view line) {
                          progress.reset();  // its line is taken away before another is written
                          host::warn(line);
                      }});
}

int main(int argc, char** argv) { return cli::main(command, run, argc, argv); }
