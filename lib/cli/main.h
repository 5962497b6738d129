// The life of a program of ours: parse, run, report, exit.
#pragma once

#include <functional>
#include <string>
#include <string_view>
#include <vector>

#include "cli/command.h"
#include "cli/invocation.h"

namespace cli {

/// Runs a subcommand: drops argv[1] when it repeats the command's name, answers --help and
/// --render, parses, runs, reports an Error in Dokku's form
/// (` !     message` on stderr, hint on the next line), checks that stdout could be written, and
/// returns the exit code.
int main(const Command& command, const std::function<void(const Invocation&)>& run, int argc,
         char** argv);

/// Runs a hook: its arguments as given; refuses to be started as a command (an argv[1] that begins
/// with `postgres:`).
int hook(const std::function<void(const std::vector<std::string>&)>& run, int argc, char** argv);

/// Whether the report of an Error also names the place it was thrown at; a `--trace` among the
/// words of a command turns it on too.
void tracing(bool on);

/// Asks on stdout and stdin for `name` to be typed after three warning lines on stderr; throws
/// Error (exit 4) when anything else or nothing comes.
void confirm(std::string_view warning, const std::string& name);

/// Prints to stdout exactly these bytes.
void print(std::string_view text);

/// The words with `separator` between them.
std::string joined(const std::vector<std::string>& words, std::string_view separator);

}  // namespace cli
