// `--format`, the flag of the commands that show a report.
#pragma once

#include "cli/command.h"
#include "cli/invocation.h"

namespace cli {

inline constexpr Flag format_flag = {0, "format", "stdout|json",
                                     "for people (default) or for scripts"};

/// Whether a command has this flag, and not another one of that name.
bool has_format(const Command& command);
/// Whether `--format` is json. `stdout` and `text` are the other values; throws a usage Error for
/// anything else.
bool wants_json(const Invocation& given);

}  // namespace cli
