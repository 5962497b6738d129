// Imports a plain dump with psql.
#pragma once

#include "transfer/import_job.h"

namespace transfer {

/// Throws Error (exit 4) if the dump is not trusted and psql of the service's image lacks
/// \restrict, because the dump could then run commands of psql.
void check_psql(const Session& session, bool trusted);

/// Fills the database from a plain dump. Throws Error.
void fill_by_script(const ImportJob& work);

}  // namespace transfer
