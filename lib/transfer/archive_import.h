// Imports an archive while it arrives.
#pragma once

#include "transfer/import_job.h"

namespace transfer {

/// Fills the database. pg_restore creates what comes before and after the rows, from the table of
/// contents alone; our own sessions load the rows as they arrive. Throws Error.
void fill_by_archive(const ImportJob& work);

}  // namespace transfer
