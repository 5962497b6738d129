// Clone by the server's files: as fast as the disk, whatever the data are.
#pragma once

#include <cstdint>
#include <functional>
#include <optional>
#include <string>

#include "transfer/session.h"

namespace transfer {

/// Where in the folders of both services their servers' data lie, if the files of the one can take
/// the place of those of the other, new one: the same image, and nothing in the source but its own
/// database and user. Nothing if they cannot.
std::optional<std::string> place_to_copy(const Session& from, const Session& to);

/// Gives a new service, which nobody uses yet, the files of another one's server, which works on.
/// Afterwards its database has its own name, its user its own password; its configuration is what
/// it was. `look` is called about every second with the bytes so far, and may throw.
void copy_files(const Session& from, const Session& to, const std::string& place,
                const std::function<void(std::uint64_t copied)>& look);

}  // namespace transfer
