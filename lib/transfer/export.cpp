// Export: runs pg_dump of the service's image and passes its output to a descriptor.
#include "transfer/export.h"

#include <unistd.h>

#include <algorithm>
#include <array>
#include <charconv>
#include <optional>
#include <string_view>

#include "error/error.h"
#include "host/log.h"
#include "pg/majors.h"
#include "process/cancellation.h"
#include "transfer/import.h"
#include "transfer/parallel_export.h"
#include "transfer/session.h"
#include "transfer/session_terminator.h"

namespace transfer {

namespace {

// Older versions of pg_dump have compression levels, but no methods.
bool knows_methods(int major) { return pg::has(major, pg::Feature::dump_methods); }

constexpr const char* quickest = "zstd:1";

struct Method {
    std::string_view name;
    int highest;
};
constexpr std::array<Method, 4> methods = {{{"none", -1}, {"gzip", 9}, {"lz4", 12}, {"zstd", 22}}};

struct Compression {
    std::string_view method;
    std::optional<int> level;
};

Error unknown_compression(const std::string& text) {
    return usage_error("'" + text + "' is not a compression",
                       "There are none, gzip, lz4 and zstd, with a level after a colon: zstd:9.");
}

int number(const std::string& text, std::string_view digits) {
    int value = -1;
    const auto [stop, error] = std::from_chars(digits.data(), digits.data() + digits.size(), value);
    if (error != std::errc{} || stop != digits.data() + digits.size() || value < 0)
        throw unknown_compression(text);
    return value;
}

Compression read_compression(const std::string& text) {
    const std::string_view all = text;
    if (all.front() >= '0' && all.front() <= '9') {
        const int level = number(text, all);
        if (level > 9) throw unknown_compression(text);
        return level == 0 ? Compression{"none", {}} : Compression{"gzip", level};
    }
    const auto colon = all.find(':');
    const auto* const method = std::find_if(methods.begin(), methods.end(), [&](const Method& one) {
        return one.name == all.substr(0, colon);
    });
    if (method == methods.end()) throw unknown_compression(text);
    if (colon == std::string_view::npos) return {method->name, {}};
    const int level = number(text, all.substr(colon + 1));
    if (level < 1 || level > method->highest) throw unknown_compression(text);
    return {method->name, level};
}

constexpr int most_jobs = 64;

// The files of a directory archive are copied unchanged into a custom archive. That is not possible
// for gzip, whose files have another frame, and for lz4, whose frame some versions do not write in
// archives.
void check_jobs(const ExportOptions& how, int major) {
    if (how.jobs < 1 || how.jobs > most_jobs) {
        throw usage_error("'" + std::to_string(how.jobs) + "' is not a number of jobs",
                          "From 1 to " + std::to_string(most_jobs) + ".");
    }
    if (how.jobs == 1) return;
    if (how.format != "custom") {
        throw usage_error("only the custom format is dumped by several jobs",
                          "Leave --jobs or --format out.");
    }
    if (!knows_methods(major)) {
        throw usage_error("a dump by several jobs needs PostgreSQL " +
                              std::to_string(pg::first_major(pg::Feature::dump_methods)) +
                              " or later, the service has " + std::to_string(major),
                          "Leave --jobs out.");
    }
    if (how.compress.empty()) return;
    const auto method = read_compression(how.compress).method;
    if (method != "none" && method != "zstd") {
        throw usage_error("a dump by several jobs is compressed with zstd or not at all",
                          "Leave --jobs or --compress out.");
    }
}

std::string compress_option(const Compression& wanted, int major) {
    const std::string level = wanted.level ? std::to_string(*wanted.level) : std::string{};
    if (knows_methods(major)) {
        return "--compress=" + std::string(wanted.method) + (level.empty() ? "" : ":" + level);
    }
    if (wanted.method == "none") return "--compress=0";
    if (wanted.method == "gzip") return "--compress=" + (level.empty() ? "6" : level);
    throw usage_error(
        "pg_dump of PostgreSQL " + std::to_string(major) + " compresses with gzip only",
        std::string(wanted.method) + " comes with PostgreSQL 16.");
}

void stream(const Session& session, const ExportOptions& how, int out,
            const ExportCallbacks& callbacks) {
    const auto words = dump_words(how, session.major());
    SessionTerminator ending{session};
    const auto result = session.outcome(process::run_to(
        session.work({.words = words, .database = session.database()}), out, [&](auto bytes) {
            process::check_cancelled();
            if (callbacks.watch) callbacks.watch(bytes, {});
        }));
    process::check_cancelled();
    check_end(result, callbacks);
    ending.done();
}

}  // namespace

std::string quick_compression(int major) { return knows_methods(major) ? quickest : "none"; }

std::vector<std::string> dump_words(const ExportOptions& how, int major) {
    if (how.format != "custom" && how.format != "plain" && how.format != "tar") {
        throw usage_error("'" + how.format + "' is not a format",
                          "There are custom, plain and tar.");
    }
    check_jobs(how, major);
    const bool is_parallel = how.jobs > 1;
    // Without owners and grants, as in the official plugin, so that a dump can be imported into any
    // other service.
    std::vector<std::string> words = {"pg_dump",
                                      "--format=" + (is_parallel ? "directory" : how.format),
                                      "--no-owner", "--no-acl", "--no-password"};
    if (is_parallel) {
        words.push_back("--jobs=" + std::to_string(how.jobs));
        words.emplace_back("--no-sync");  // the folder is read once and removed
    }
    if (!how.compress.empty()) {
        const Compression wanted = read_compression(how.compress);
        if (how.format == "tar" && wanted.method != "none") {
            throw usage_error("pg_dump does not compress the tar format",
                              "Use the custom format, or compress the output: 'dokku "
                              "postgres:export .. | zstd'.");
        }
        words.push_back(compress_option(wanted, major));
    } else if (how.format == "custom" && knows_methods(major)) {
        words.push_back("--compress=" + std::string(quickest));
    }
    return words;
}

void check_end(const process::Result& result, const ExportCallbacks& callbacks) {
    const std::string reason = result.ok() ? "" : reason_of(result.err);
    std::string_view rest = result.err;
    while (callbacks.warn && !rest.empty()) {
        const auto end = std::min(rest.find('\n'), rest.size());
        const std::string line = host::printable(rest.substr(0, end));
        rest.remove_prefix(std::min(end + 1, rest.size()));
        if (!line.empty() && line != reason) callbacks.warn(line);
    }
    if (!result.ok()) throw Error{reason};
}

void export_dump(const service::Service& service, const ExportOptions& how, int out,
                 const ExportCallbacks& callbacks) {
    if (!how.to_terminal && ::isatty(out) == 1) {
        throw Error{"a dump is not written to a terminal",
                    "Send it to a file: dokku postgres:export " + service.name + " > " +
                        service.name + ".dump",
                    Exit::refused};
    }
    // options that no major supports are refused before the server is started
    dump_words(how, pg::newest_major.number);
    const process::Cancellation interrupt;
    const Session session{service, Use::reading};
    try {
        remove_leftovers(session);
        if (how.jobs > 1) {
            dump_in_parallel(session, how, out, callbacks);
        } else {
            stream(session, how, out, callbacks);
        }
    } catch (const Error& error) {
        if (error.code() == Exit::usage) throw;
        throw Error{"service '" + service.name + "' was not exported: " + error.what(),
                    (error.hint().empty() ? "" : error.hint() + "\n") +
                        "What was written until then is not a valid dump.",
                    error.code(), error.where()};
    }
}

}  // namespace transfer
