// pg_restore of the service's image.
#pragma once

#include <string>
#include <vector>

#include "process/process.h"
#include "transfer/staging_database.h"

namespace transfer {

/// Options of pg_restore.
struct RestoreOptions {
    bool grants = true;
    bool lenient = false;  // go on after an error
};

/// The command line of pg_restore for a custom archive. It is verbose, so that errors name their
/// entry.
std::vector<std::string> restore_words(const std::string& database, const RestoreOptions& how);

/// The command line of pg_restore that writes a custom archive as a script.
std::vector<std::string> script_words(const RestoreOptions& how);

/// The command that restores an archive without data with this many sessions. Several sessions
/// cannot share a stream: they read an unnamed temporary file in the server's data directory, which
/// disappears when they end.
process::Command restore_tool(const StagingDatabase& staging, const RestoreOptions& how, int jobs);

/// The default number of sessions for an import: one per processor, at most 64.
int default_jobs();

}  // namespace transfer
