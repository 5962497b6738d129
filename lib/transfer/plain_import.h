// A plain dump into a database, by psql.
#pragma once

#include "transfer/import_job.h"

namespace transfer {

/// Throws Error (exit 4) where psql of the service's image could be given commands by a dump that
/// is not trusted.
void check_psql(const Session& session, bool trusted);

/// Fills the database from a plain dump.
void fill_by_script(const ImportJob& work);

}  // namespace transfer
