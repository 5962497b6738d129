// One call of a command: its arguments and flags.
#pragma once

#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "cli/command.h"

namespace cli {

/// The arguments and flags of one call, parsed by the command's table.
class Invocation {
public:
    /// The value of a required argument or of a flag that was given; throws std::logic_error when
    /// there is none.
    const std::string& operator[](std::string_view name) const;
    /// The value of an argument or flag, or nothing.
    std::optional<std::string> find(std::string_view name) const;
    /// Whether a flag (or optional argument) was given.
    bool has(std::string_view name) const;
    /// Every value of a repeated flag or of a `rest`/`verbatim` argument, in order.
    std::vector<std::string> all(std::string_view name) const;
    /// The number of a flag, nothing if it was not given; throws a usage Error unless it is a whole
    /// number within [least, most].
    std::optional<long> number(std::string_view name, long least, long most) const;

    std::map<std::string, std::vector<std::string>, std::less<>> values;
};

/// Parses the words after the command's name. Flags may be before, between and after arguments, as
/// `--flag value`, `--flag=value` or `-f value`; `--` ends them. Every command takes `--quiet`,
/// `--trace` and `--force`, which Dokku leaves in place. Flags cannot be abbreviated. Throws a
/// usage Error (exit 2).
Invocation parse(const Command& command, const std::vector<std::string>& words);

}  // namespace cli
