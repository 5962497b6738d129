// --wait-timeout of the commands that recreate a container: set, upgrade, mount and unmount.
#pragma once

#include <chrono>

#include "cli/command.h"
#include "cli/invocation.h"

inline constexpr cli::Flag wait_timeout_flag = {
    0, "wait-timeout", "SECONDS", "how long the server may take to answer (default: 60)"};

/// The time that the flag gives; throws a usage Error for an invalid one.
inline std::chrono::seconds wait_timeout_of(const cli::Invocation& given) {
    return std::chrono::seconds(given.number("wait-timeout", 1, 86400).value_or(60));
}
