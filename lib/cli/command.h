// The table of a command: everything that help, README, its page of commands, man page and
// completion say of it.
#pragma once

#include <span>
#include <string_view>

namespace cli {

/// Whether an argument or a flag must be there.
enum class Need { required, optional, rest, verbatim };
// rest: any number of words, flags still recognised between them; verbatim: every word after this
// point as typed, flags too.
inline constexpr Need optional = Need::optional;
inline constexpr Need rest = Need::rest;
inline constexpr Need verbatim = Need::verbatim;

/// `offers` is what completion offers where the name does not tell: `linked-app` (one of
/// the service), `command`, or words with a bar between them.
struct Argument {
    std::string_view name;
    std::string_view meaning;
    Need need = Need::required;
    std::string_view offers = {};
};

/// A flag: `letter` 0 when it has none; `value` empty when it takes none, words with a bar between
/// them (`true|false`) when it takes one of those.
struct Flag {
    char letter;
    std::string_view name;
    std::string_view value;
    std::string_view meaning;
    /// May be given several times.
    bool repeats = false;
};

struct Example {
    std::string_view meaning;
    std::string_view line;
};

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
