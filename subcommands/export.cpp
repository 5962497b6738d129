// dokku postgres:export -- write a dump of a service's database to standard output.

#include <unistd.h>

#include <charconv>
#include <optional>
#include <string>

#include "cli/main.h"
#include "error/error.h"
#include "host/log.h"
#include "host/raw_output.h"
#include "reporting.h"
#include "service/service.h"
#include "transfer/export.h"

constexpr cli::Argument arguments[] = {
    {"service", "service to run command against"},
};
constexpr cli::Flag flags[] = {
    {0, "format", "custom|plain|tar", "the format of the dump (default: custom)"},
    {0, "compress", "none|gzip|lz4|zstd", "the compression, with a level after a colon: zstd:9"},
    {0, "jobs", "N", "sessions that dump at once, 1 (the default) to 64"},
    {0, "progress", "", "a line every ten seconds where standard error is no terminal"},
};
constexpr cli::Example examples[] = {
    {"write a dump to a file", "dokku postgres:export lollipop > lollipop.dump"},
    {"as SQL to read", "dokku postgres:export lollipop --format plain > lollipop.sql"},
    {"with four sessions at once", "dokku postgres:export lollipop --jobs 4 > lollipop.dump"},
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
        "The custom format is compressed with zstd at level 1 from PostgreSQL 16 on, which is "
        "several times faster than the gzip of pg_dump and not larger, and with gzip before. What "
        "a major exports, pg_restore of the same and of later majors reads; that of earlier majors "
        "may not: dumps of 17 and 18 need 17, those of 16 need 16, those of 14 and 15 need 12.\n\n"
        "With --jobs several sessions dump at once (PostgreSQL 16 and later, custom format, zstd "
        "or no compression). That pays where the server has idle cores and the data are in "
        "several tables. It takes one connection more than there are jobs, and disk: the dump "
        "lies in the service's own data directory until it has been sent, nothing is sent before "
        "it is whole, and the export ends when less than 500 MB are left there. What comes out is "
        "one archive as without --jobs. While a dump by several jobs runs, a statement that wants "
        "a table for itself (ALTER TABLE, TRUNCATE) makes it fail instead of waiting for it.\n\n"
        "A service that is down is brought up for it, and stays up.\n\n"
        "On a terminal the bytes written so far and their rate are shown; at the end, on a "
        "terminal "
        "and over ssh, standard error tells their number and the time. DOKKU_QUIET_OUTPUT turns "
        "both off, and a job of cron hears only of a failure. With ssh -t, whose terminal carries "
        "both outputs, nothing but the dump is written. Ctrl-C ends the dump in the container as "
        "well.",
};

static int jobs_of(const std::optional<std::string>& text) {
    if (!text) return 1;
    int jobs = 0;
    const char* const end = text->data() + text->size();
    const auto [stop, error] = std::from_chars(text->data(), end, jobs);
    if (error != std::errc{} || stop != end) throw usage_error("'" + *text + "' is no number");
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
    Reporting reporting{given, context};
    transfer::export_dump(
        service, dumping(given, behind_ssh), STDOUT_FILENO,
        {.watch = reporting.handed_over(), .warn = [&](std::string_view line) {
             reporting.clear();  // its line is taken away before another is written
             host::warn(line);
         }});
    const auto exported = "Exported " + reporting.end();
    if (context.environment.attended) host::verbose(exported);
}

int main(int argc, char** argv) { return cli::main(command, run, argc, argv); }
