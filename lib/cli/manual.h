// Help on the plugin as a whole: the rows that the build collected, and each program's own help.
#pragma once

#include <string>
#include <string_view>
#include <vector>

namespace cli {

/// The folder of the plugin tree that holds the running program, or its parent when that folder is
/// `subcommands`.
std::string plugin_folder();

/// The bytes of a file; empty when it cannot be read.
std::string file_text(const std::string& path);

/// The text of `share/rows` below the plugin's folder: one line a command, syntax and summary
/// parted by a comma; empty when it cannot be read.
std::string rows(const std::string& plugin);

/// The rows in two columns under a usage line.
std::string overview(std::string_view rows);

/// The commands of these rows that somebody may have meant who typed `name`, the nearest ones only.
std::vector<std::string> near_commands(std::string_view rows, std::string_view name);

/// Throws the usage Error for a command that is not there, with what may have been meant.
[[noreturn]] void refuse_command(const std::string& plugin, std::string_view command);

/// Prints the overview, or becomes `<command> --help` when a command is named (with or without
/// `postgres:`); throws a usage Error for a command that is not there.
void show_manual(const std::string& plugin, std::string_view command);

}  // namespace cli
