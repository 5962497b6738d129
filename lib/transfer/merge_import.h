// An archive added to a database with contents: by one session, in one transaction.
#pragma once

#include "transfer/import_job.h"

namespace transfer {

/// Fills the database from a custom archive whose table of contents passes the rules. Throws Error
/// for a tar.
void merge_archive(const ImportJob& work);

}  // namespace transfer
