// Export by several sessions at once: into a folder beside the server's data, from there as one
// archive.
#pragma once

#include "transfer/export.h"
#include "transfer/session.h"

namespace transfer {

/// Dumps the session's database as dump() does, with `how.jobs` sessions. The files of pg_dump lie
/// in the server's data directory meanwhile and are gone at the end, whatever the end is.
void dump_in_parallel(const Session& session, const ExportOptions& how, int out,
                      const Audience& audience);

/// Removes from a server's data what exports left that were killed with their container.
void remove_leftovers(const Session& session);

}  // namespace transfer
