// One call of a command: the words as its table understands them.
#pragma once

#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "cli/command.h"

namespace cli {

/// The words of one call, parsed against the command's table.
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
    /// A whole number of a flag within [least, most]; throws a usage Error otherwise.
    std::optional<long> number(std::string_view name, long least, long most) const;

    std::map<std::string, std::vector<std::string>, std::less<>> values;
};

/// Parses the words after the command's name: flags before, between and after arguments, `--flag
/// value` and `--flag=value`, `-f value`,
/// `--` ends flags; `--quiet`, `--trace`, `--force` that Dokku keeps in place are taken by every
/// command; no prefix guessing. Throws a usage Error (exit 2).
Invocation parse(const Command& command, const std::vector<std::string>& words);

}  // namespace cli
