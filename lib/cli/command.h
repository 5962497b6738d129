// The table of a command, from which help, README, docs/commands.md, man page and completion are
// made.
#pragma once

#include <span>
#include <string_view>

namespace cli {

/// How many words an argument takes.
enum class Need { required, optional, rest, verbatim };
// rest: any number of words, with flags between them; verbatim: all following words as they were
// typed, flags too.
inline constexpr Need optional = Need::optional;
inline constexpr Need rest = Need::rest;
inline constexpr Need verbatim = Need::verbatim;

/// An argument. `offers` tells what completion offers if the name does not: `linked-app` (an app
/// linked to the service), `command`, or words separated by bars.
struct Argument {
    std::string_view name;
    std::string_view meaning;
    Need need = Need::required;
    std::string_view offers = {};
};

/// A flag. `letter` is 0 if it has none. `value` is empty if it takes none; words separated by bars
/// (`true|false`) are the valid values.
struct Flag {
    char letter;
    std::string_view name;
    std::string_view value;
    std::string_view meaning;
    /// Whether it may be given several times.
    bool repeats = false;
};

/// An example in the help: what it does, and the command line.
struct Example {
    std::string_view meaning;
    std::string_view line;
};

/// A command. `hidden` ones are missing from lists and completion.
struct Command {
    std::string_view name;
    std::string_view summary;
    std::span<const Argument> arguments = {};
    std::span<const Flag> flags = {};
    std::span<const Example> examples = {};
    /// Paragraphs for help and man page, separated by an empty line.
    std::string_view details = {};
    /// Not listed in help rows, README, man page and completion (`default`).
    bool hidden = false;
};

}  // namespace cli
