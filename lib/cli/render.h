// Every text about a command, from its table.
#pragma once

#include <string>
#include <string_view>

#include "cli/command.h"

namespace cli {

/// The one-line syntax, `postgres:create [-i|--image IMAGE] <service>`.
std::string syntax(const Command& command);
/// The full help of one command.
std::string help(const Command& command);
/// A text by format: help, help-row (`    postgres:create <service> ..., summary`), readme-row (of
/// README's table), section (of docs/commands.md), man, completion; throws a usage Error for
/// another one.
std::string render(const Command& command, std::string_view format);

}  // namespace cli
