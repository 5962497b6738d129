// dokku postgres:export -- write a dump of a service's database to standard output.

#include <unistd.h>

#include <charconv>
#include <optional>
#include <string>

#include "cli/main.h"
#include "error/error.h"
#include "host/log.h"
#include "host/raw_output.h"
#include "progress_report.h"
#include "service/service.h"
#include "transfer/export.h"

constexpr cli::Argument arguments[] = {
    {"service", "service to run command against"},
};
constexpr cli::Flag flags[] = {
    {0, "format", "custom|plain|tar", "the format of the dump (default: custom)"},
    {0, "compress", "none|gzip|lz4|zstd", "the compression; a level may follow a colon (zstd:9)"},
    {0, "jobs", "N", "sessions that dump at once, 1 (the default) to 64"},
    {0, "progress", "", "print progress every ten seconds if standard error is no terminal"},
};
constexpr cli::Example examples[] = {
    {"write a dump to a file", "dokku postgres:export lollipop > lollipop.dump"},
    {"as SQL", "dokku postgres:export lollipop --format plain > lollipop.sql"},
    {"with four sessions at once", "dokku postgres:export lollipop --jobs 4 > lollipop.dump"},
    {"for a pg_restore without zstd",
     "dokku postgres:export lollipop --compress gzip > lollipop.dump"},
};
constexpr cli::Command command{
    .name = "export",
    .summary = "export a dump of the Postgres service database",
    .arguments = arguments,
    .flags = flags,
    .examples = examples,
    .details =
        "pg_dump of the service's own image makes the dump. The dump is sent to standard output "
        "while it is made, and nothing else is written there. If any part fails, the command "
        "fails. The dump holds no owners and no grants, so that it can be imported into any other "
        "service.\n\n"
        "From PostgreSQL 16 on, the custom format is compressed with zstd at level 1. That is "
        "several times faster than the gzip of pg_dump, and the dump is not larger. PostgreSQL 14 "
        "and 15 use gzip. pg_restore of the same major or a later one can read the dump. An older "
        "pg_restore may not: dumps of 17 and 18 need version 17, those of 16 need 16, those of 14 "
        "and 15 need 12.\n\n"
        "With --jobs several sessions dump at once (PostgreSQL 16 and later, custom format, zstd "
        "or no compression). This is faster if the server has idle processors and the data are in "
        "several tables. It uses one connection more than there are jobs. It needs disk space: "
        "the dump is kept in the service's data directory until it has been sent, nothing is sent "
        "before it is complete, and the export fails if less than 500 MB are left there. The "
        "result is one archive, as without --jobs. If a statement wants to lock a table "
        "exclusively (ALTER TABLE, TRUNCATE) while several jobs run, the export fails instead of "
        "waiting for it.\n\n"
        "A service that is down is started for the export, and stays up.\n\n"
        "On a terminal the number of bytes and their rate are shown. At the end, on a terminal "
        "and over ssh, standard error shows the number of bytes and the time. DOKKU_QUIET_OUTPUT "
        "turns both off. In a cron job only a failure is shown. With ssh -t only the dump is "
        "written, because standard output and standard error share one terminal. Ctrl-C also ends "
        "pg_dump in the container.",
};

static int jobs_of(const std::optional<std::string>& text) {
    if (!text) return 1;
    int jobs = 0;
    const char* const end = text->data() + text->size();
    const auto [stop, error] = std::from_chars(text->data(), end, jobs);
    if (error != std::errc{} || stop != end) throw usage_error("'" + *text + "' is not a number");
    return jobs;
}

static transfer::ExportOptions dumping(const cli::Invocation& given, bool to_terminal) {
    return {.format = given.find("format").value_or("custom"),
            .compress = given.find("compress").value_or(""),
            .jobs = jobs_of(given.find("jobs")),
            .to_terminal = to_terminal};
}

static void run(const cli::Invocation& given) {
    const auto& context = service::context();
    const auto service = service::open(context, given["service"]);
    const bool behind_ssh = host::is_terminal_of_command(context.environment);
    std::optional<host::RawOutput> bytes_alone;
    if (behind_ssh) bytes_alone.emplace();
    ProgressReport reporting{given, context};
    transfer::export_dump(
        service, dumping(given, behind_ssh), STDOUT_FILENO,
        {.watch = reporting.handed_over(), .warn = [&](std::string_view line) {
             reporting.clear();  // clears the drawn line before another is printed
             host::warn(line);
         }});
    const auto exported = "Exported " + reporting.end();
    if (context.environment.attended) host::verbose(exported);
}

int main(int argc, char** argv) { return cli::main(command, run, argc, argv); }
