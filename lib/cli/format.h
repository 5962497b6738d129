// `--format`, the flag of every command that shows something.
#pragma once

#include "cli/command.h"
#include "cli/invocation.h"

namespace cli {

inline constexpr Flag format_flag = {0, "format", "stdout|json",
                                     "for people (default) or for scripts"};

/// Whether a command has that flag, and no other one of its name.
bool has_format(const Command& command);
/// Whether `--format` asks for JSON; `stdout` and `text` are the plain form, anything else is a
/// usage Error.
bool wants_json(const Invocation& given);

}  // namespace cli
