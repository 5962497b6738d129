// The import of one dump, and the programs that load it.
#pragma once

#include <string_view>

#include "dump/dump_reader.h"
#include "dump/format.h"
#include "error/error.h"
#include "process/process.h"
#include "transfer/disk_space.h"
#include "transfer/import.h"
#include "transfer/partial_dump.h"
#include "transfer/row_loader.h"
#include "transfer/staging_database.h"
#include "transfer/statement_rules.h"
#include "transfer/tool_errors.h"

namespace transfer {

/// What all kinds of import need.
struct ImportJob {
    const Session& session;
    dump::DumpReader& source;
    const ImportOptions& how;
    dump::Head head;
    StagingDatabase& staging;  // not created yet
    StatementRules& rules;
    ToolErrors& complaints;         // errors that do not end the import
    const PartialDumpCheck* parts;  // tables that must not get lost; null: not checked
};

/// Creates the database, or prepares the service's own for a merge, and creates the requested
/// schemas and extensions. Throws Error.
void make_ready(const ImportJob& work);

/// Called often during an import: checks for cancellation and disk space, and shows progress.
class ImportMonitor {
public:
    explicit ImportMonitor(const ImportJob& work) : work_(work) {}

    /// Throws Cancelled, or NoDiskSpace.
    void operator()() const;
    /// The whole dump was passed on; from now on the progress is the size of the database.
    void handed_over();

private:
    const ImportJob& work_;
    bool handed_over_ = false;
    mutable EverySecond is_time_to_tell_;
};

/// A program that loads a dump or a part of it.
class ImportTool {
public:
    ImportTool(const ImportJob& work, const process::Command& command, const ImportMonitor& monitor,
               std::size_t lines_before = 0);

    /// Passes bytes to it. If it has ended successfully, the rest of the dump is ignored. Throws
    /// Error if it failed.
    void give(std::string_view bytes);
    /// Waits until it has ended. Throws Error with its first error, unless errors are only counted.
    void finish();
    /// Waits for output on its stderr, at most this long; false if it has ended.
    bool listen(std::chrono::milliseconds most) { return feed_.listen(most); }
    /// The errors it has printed so far.
    const ToolErrors& complaints() const { return complaints_; }

private:
    const ImportJob& work_;
    ToolErrors complaints_;
    process::Feed feed_;
    bool done_ = false;
};

/// Reads the rest of a dump piece by piece.
template <class Each>
void pump(dump::DumpReader& source, const ImportMonitor& monitor, const Each& each) {
    for (auto bytes = source.read(); !bytes.empty(); bytes = source.read()) {
        monitor();
        each(bytes);
    }
}

/// The Error for a failed statement, with a hint.
Error refused(const ImportJob& work, const ToolError& complaint);
/// The Error for rows that the server refused.
Error refused_rows(const ImportJob& work, const RefusedRows& failure);

}  // namespace transfer
