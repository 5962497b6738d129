// Adds an archive to a database with contents, by one session in one transaction.
#pragma once

#include "transfer/import_job.h"

namespace transfer {

/// Adds a custom archive to the database, with the rules applied to its table of contents. Throws
/// Error, also for a tar.
void merge_archive(const ImportJob& work);

}  // namespace transfer
