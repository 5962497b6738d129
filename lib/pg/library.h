// The client library.
#pragma once

#include <string>

namespace pg {

/// The version of the libpq that this process runs with.
std::string library_version();

}  // namespace pg
