// What every program that we start for Dokku must find in its environment.
#pragma once

#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "host/environment.h"

namespace host {

/// The variables for programs that we start, in the form of process::Command; nothing
/// for one that must not reach them.
std::vector<std::pair<std::string, std::optional<std::string>>> children(
    const Environment& environment);

}  // namespace host
