// State on disk: read leniently, written all or nothing.
#pragma once

#include <sys/types.h>

#include <filesystem>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace state {

inline constexpr mode_t secret = 0600;
inline constexpr mode_t plain = 0644;
inline constexpr mode_t closed_folder = 0700;

/// A small regular file's text (at most 1 MiB, links not followed), nothing when it is not there;
/// throws Error when it cannot be read.
std::optional<std::string> read_file(const std::filesystem::path& path);
/// The same without white space at both ends; nothing also when only that is in it.
std::optional<std::string> read_trimmed(const std::filesystem::path& path);
/// The non-empty trimmed lines.
std::vector<std::string> read_lines(const std::filesystem::path& path);
/// Replaces a file: temporary file made with `mode` beside it, fsync, rename, fsync of the folder.
/// Throws Error and leaves the old one when that fails.
void write_file(const std::filesystem::path& path, std::string_view text, mode_t mode);
/// Removes a file if it is there, with what a killed write of it left, and makes that durable.
void remove_file(const std::filesystem::path& path);
/// Makes a folder with `mode` unless it is there (a link in its place is refused), and makes that
/// durable.
void make_folder(const std::filesystem::path& path, mode_t mode);

/// Makes durable what was made, renamed or removed in a folder.
void sync_folder(const std::filesystem::path& folder);

}  // namespace state
