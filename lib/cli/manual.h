// Help on the whole plugin: the rows that the build collected, and the help of each command.
#pragma once

#include <string>
#include <string_view>
#include <vector>

namespace cli {

/// The plugin's folder: that of the running program, or its parent if that is `subcommands`.
std::string plugin_folder();

/// The bytes of a file; empty if it cannot be read.
std::string file_text(const std::string& path);

/// The text of `share/rows` in the plugin's folder: one line per command, syntax and summary
/// separated by a comma. Empty if it cannot be read.
std::string rows(const std::string& plugin);

/// The help of the plugin: a usage line and the rows in two columns.
std::string overview(std::string_view rows);

/// The commands in the rows whose names are nearest to a mistyped one.
std::vector<std::string> near_commands(std::string_view rows, std::string_view name);

/// Throws the usage Error for an unknown command, with the commands of similar names.
[[noreturn]] void refuse_command(const std::string& plugin, std::string_view command);

/// Prints the overview, or runs `<command> --help` if a command is named (with or without
/// `postgres:`). Throws a usage Error for an unknown one.
void show_manual(const std::string& plugin, std::string_view command);

}  // namespace cli
