// The table of contents of an archive on its way to a role without rights.
#pragma once

#include <functional>
#include <string_view>

#include "backup/archive.h"

namespace backup {

/// Passes the header on behind which the table of contents stands in a tar archive.
void pass_tar_header(const Bytes& bytes, const std::function<void(std::string_view)>& sink);

/// Passes the head and the table of contents of an archive on: extensions are made by a call, and
/// comments on them are blank. Every byte behind keeps its place. Throws Error for a table that
/// pg_dump would not have written so.
void pass_contents(const Bytes& bytes, const std::function<void(std::string_view)>& sink);

}  // namespace backup
