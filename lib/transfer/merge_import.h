// Adds an archive to a database with contents, by one session in one transaction.
#pragma once

#include "transfer/import_job.h"

namespace transfer {

/// Adds a custom or tar archive to the database. Its statements go to psql like those of a plain
/// dump, so none of them can end the transaction. Throws Error.
void merge_archive(const ImportJob& work);

}  // namespace transfer
