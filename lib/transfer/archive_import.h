// A database filled by an archive as it arrives.
#pragma once

#include "transfer/import_job.h"

namespace transfer {

/// pg_restore makes what comes before and after the rows, from the table of contents alone; the
/// rows between them go through sessions of ours as they come.
void fill_by_archive(const ImportJob& work);

}  // namespace transfer
