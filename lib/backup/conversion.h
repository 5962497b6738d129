// A tar archive of pg_dump turned into a custom one on its way: over a tar that ends early
// pg_restore spins for ever, over a custom one it fails.
#pragma once

#include <functional>

#include "backup/archive.h"
#include "backup/blocks.h"

namespace backup {

/// Passes a tar archive on as a custom one that is not packed and says of no block where it stands;
/// every entry goes through `change` first. Takes no byte behind the archive's end. Throws Error
/// for a tar that is cut off, damaged, or has not the members that its table of contents tells of,
/// in their order: what was passed on until then is good for nothing.
void pass_as_custom(const Bytes& bytes, const std::function<void(Entry&)>& change,
                    const Sink& sink);

}  // namespace backup
