// State files: a missing file is no error, and every write is atomic.
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

/// The text of a regular file of at most 1 MiB, nothing if it does not exist. Links are not
/// followed. Throws Error if it cannot be read.
std::optional<std::string> read_file(const std::filesystem::path& path);
/// Like read_file(), without white space at both ends; also nothing if the file holds only white
/// space.
std::optional<std::string> read_trimmed(const std::filesystem::path& path);
/// The lines of a file that are not empty, without white space at their ends. Throws Error if it
/// cannot be read.
std::vector<std::string> read_lines(const std::filesystem::path& path);
/// Replaces a file atomically: writes a temporary file with `mode` beside it, syncs it, renames it,
/// syncs the folder. If that fails, throws Error and keeps the old file.
void write_file(const std::filesystem::path& path, std::string_view text, mode_t mode);
/// Removes a file if it exists, with what a killed write of it left, and syncs its folder. Throws
/// Error.
void remove_file(const std::filesystem::path& path);
/// Creates a folder with `mode` unless it exists, and syncs its parent. Throws Error, also for a
/// link in its place.
void make_folder(const std::filesystem::path& path, mode_t mode);

/// Syncs a folder: what was created, renamed or removed in it survives a power failure. Throws
/// Error.
void sync_folder(const std::filesystem::path& folder);

}  // namespace state
