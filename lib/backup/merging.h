// An archive added to a database with contents: by one session, in one transaction.
#pragma once

#include "backup/filling.h"

namespace backup {

/// Fills the database from a custom archive whose table of contents passes the rules. Throws Error
/// for a tar.
void merge_archive(const Work& work);

}  // namespace backup
