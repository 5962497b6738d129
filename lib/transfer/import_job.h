// A dump on its way into a database, and the program that takes it in.
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

/// A restore of one service, as far as it is known before the first byte goes into it.
struct ImportJob {
    const Session& session;
    dump::DumpReader& source;
    const ImportOptions& how;
    dump::Head head;
    StagingDatabase& staging;  // not made yet
    StatementRules& rules;
    ToolErrors& complaints;         // what failed, where that does not end the work
    const PartialDumpCheck* parts;  // what must not vanish; null: anything may
};

/// Makes the database, or what lets it be added to, with the schemas and extensions that are to be
/// there first.
void make_ready(const ImportJob& work);

/// What is looked at all the time, whoever waits for whom.
class Oversight {
public:
    explicit Oversight(const ImportJob& work) : work_(work) {}

    void operator()() const;
    /// From here on the database grows without us.
    void handed_over();

private:
    const ImportJob& work_;
    bool handed_over_ = false;
    mutable EverySecond is_time_to_tell_;
};

/// A program that takes a dump in, or a part of one.
class ImportTool {
public:
    ImportTool(const ImportJob& work, const process::Command& command, const Oversight& oversight,
               std::size_t lines_before = 0);

    /// A program that ended well reads no more; the rest of the dump is only looked at.
    void give(std::string_view bytes);
    /// Throws Error with the first thing that failed, unless what fails is only counted.
    void finish();
    /// Looks so long for what the program says; false when it has ended.
    bool listen(std::chrono::milliseconds most) { return feed_.listen(most); }
    const ToolErrors& complaints() const { return complaints_; }

private:
    const ImportJob& work_;
    ToolErrors complaints_;
    process::Feed feed_;
    bool done_ = false;
};

/// All that is left of a dump, piece by piece.
template <class Each>
void pump(dump::DumpReader& source, const Oversight& oversight, const Each& each) {
    for (auto bytes = source.read(); !bytes.empty(); bytes = source.read()) {
        oversight();
        each(bytes);
    }
}

/// What failed, with what to do about it.
Error refused(const ImportJob& work, const ToolError& complaint);
/// What the server refused of the rows of an archive.
Error refused_rows(const ImportJob& work, const RefusedRows& failure);

}  // namespace transfer
