// An archive added to a database with contents: by one session, in one transaction.
#pragma once

#include "transfer/import_job.h"

namespace transfer {

/// Adds what a custom or tar archive holds. All of it goes to psql as a plain dump's statements do,
/// so that nothing in it can end the transaction.
void merge_archive(const ImportJob& work);

}  // namespace transfer
