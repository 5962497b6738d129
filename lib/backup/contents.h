// The table of contents of an archive on its way to a role without rights.
#pragma once

#include "backup/archive.h"
#include "backup/blocks.h"

namespace backup {

/// Puts an entry for a role without rights: an extension is made by a call, a comment on one is
/// blank. Its length stays.
void confine(Entry& entry);

/// Passes the head and the table of contents of an archive on, its entries confined. Every byte
/// behind keeps its place. Throws Error for a table that pg_dump would not have written so.
void pass_contents(const Bytes& bytes, const Sink& sink);

}  // namespace backup
