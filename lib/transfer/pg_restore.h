// pg_restore of the service's image.
#pragma once

#include <string>
#include <vector>

#include "process/process.h"
#include "transfer/staging_database.h"

namespace transfer {

/// How pg_restore takes something in.
struct Restore {
    bool grants = true;
    bool lenient = false;  // it goes on past what fails
};

/// The words of the program that takes a custom archive in. It says which entry an error is of.
std::vector<std::string> restore_words(const std::string& database, const Restore& how);

/// The words of the program that writes a custom archive as a script.
std::vector<std::string> script_words(const Restore& how);

/// The program that makes what an archive without data holds, by so many sessions. Several cannot
/// share a stream: they read an unnamed file beside the server's data, which holds as little as
/// that and goes with them, however they end.
process::Command restore_tool(const StagingDatabase& staging, const Restore& how, int jobs);

/// How many sessions take a dump in when nothing is said: one for each processor, at most 64.
int default_jobs();

}  // namespace transfer
