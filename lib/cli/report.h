// What commands show: one writer of tables for people, one of JSON for scripts, and the flag that
// chooses.
#pragma once

#include <string>

#include "cli/command.h"
#include "cli/invocation.h"
#include "value/value.h"

namespace cli {

/// The flag of every command that shows something.
inline constexpr Flag format_flag = {0, "format", "stdout|json",
                                     "for people (default) or for scripts"};

/// Whether `--format` asks for JSON; `stdout` and `text` are the plain form, anything else is a
/// usage Error.
bool wants_json(const Invocation& given);

/// One compact document and a newline: bytes and seconds are numbers, fields an object.
std::string json(const value::Value& value);
/// One line for people, without its newline; null is a dash.
std::string text(const value::Value& value);
/// A line for each field: seven spaces, the name in words, the text.
std::string table(const value::Fields& fields);

}  // namespace cli
