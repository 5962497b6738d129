// Export by several sessions at once, into a folder in the server's data directory, which is then
// sent as one archive.
#pragma once

#include "transfer/export.h"
#include "transfer/session.h"

namespace transfer {

/// Exports the session's database with `how.jobs` sessions. pg_dump's files are in the server's
/// data directory meanwhile, and are always removed at the end. Throws Error.
void dump_in_parallel(const Session& session, const ExportOptions& how, int out,
                      const ExportCallbacks& callbacks);

/// Removes the files of exports that were killed together with their container.
void remove_leftovers(const Session& session);

}  // namespace transfer
