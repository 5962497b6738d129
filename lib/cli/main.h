// The main function of every program: parse, run, report, exit.
#pragma once

#include <functional>
#include <string>
#include <string_view>
#include <vector>

#include "cli/command.h"
#include "cli/invocation.h"

namespace cli {

/// Runs a subcommand and returns the exit code. Drops argv[1] if it repeats the command's name,
/// answers --help and --render, parses the words and calls `run`. Prints an Error as Dokku does (`
/// !     message` on stderr, the hint on the next line). Fails if stdout cannot be written.
int main(const Command& command, const std::function<void(const Invocation&)>& run, int argc,
         char** argv);

/// Runs a hook with its arguments and returns the exit code. Refuses to run as a command (a colon
/// in argv[1]).
int hook(const std::function<void(const std::vector<std::string>&)>& run, int argc, char** argv);

/// Whether an Error is printed with the place that threw it; `--trace` among the words turns this
/// on too.
void tracing(bool on);

/// Prints three lines of warning on stderr and asks the user to type `name`. Throws Error (exit 4)
/// if the answer is something else or empty.
void confirm(std::string_view warning, const std::string& name);

/// Prints these bytes to stdout and nothing else.
void print(std::string_view text);

/// The words with `separator` between them.
std::string joined(const std::vector<std::string>& words, std::string_view separator);

}  // namespace cli
