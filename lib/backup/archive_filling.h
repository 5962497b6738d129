// A database filled by an archive as it arrives.
#pragma once

#include "backup/filling.h"

namespace backup {

/// pg_restore makes what comes before and after the rows, from the table of contents alone; the
/// rows between them go through sessions of ours as they come.
void fill_by_archive(const Work& work);

}  // namespace backup
