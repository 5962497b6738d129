// An archive laid on the server's own volume as a file without a name, for a restore by several
// sessions.
#pragma once

#include <string>

#include "backup/replacement.h"
#include "process/process.h"

namespace backup {

/// The end of the bytes that a spool takes for whole: a stream that was cut off has it not.
std::string spool_end();

/// The program that takes a custom archive in by several sessions. It copies its standard input
/// into an unnamed file beside the server's data and begins when that ended with `end`. Nothing is
/// left on the disk when any of it is killed.
process::Command spool_tool(const Replacement& replacement, bool grants, int jobs,
                            const std::string& end);

/// How many sessions take a dump in when nothing is said: one more than the machine has processors,
/// at most 8.
int default_jobs();

}  // namespace backup
