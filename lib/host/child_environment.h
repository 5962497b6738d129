// The environment of the programs that we start.
#pragma once

#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "host/environment.h"

namespace host {

/// The changes to our environment for programs that we start, in the form of process::Command: a
/// value to set, or nothing for a variable that they must not get.
std::vector<std::pair<std::string, std::optional<std::string>>> child_environment(
    const Environment& environment);

}  // namespace host
