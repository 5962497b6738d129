// All texts about a command, made from its table.
#pragma once

#include <string>
#include <string_view>

#include "cli/command.h"

namespace cli {

/// The one-line syntax, `postgres:create [-i|--image IMAGE] <service>`.
std::string syntax(const Command& command);
/// The full help of one command.
std::string help(const Command& command);
/// A text in one of the formats help, help-row (`    postgres:create <service> ..., summary`),
/// readme-row (of README's table), section (of docs/commands.md), man, completion. Throws a usage
/// Error for any other format.
std::string render(const Command& command, std::string_view format);

}  // namespace cli
