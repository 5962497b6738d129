// Sizes and times as people read them.
#pragma once

#include <chrono>
#include <cstdint>
#include <string>

namespace cli {

/// `1.2 GB`: in powers of 1000, as is usual for disks and networks.
std::string size_text(std::uint64_t bytes);
/// `4:05`, `1:04:05`, `2 d 1:04:05`.
std::string time_text(std::uint64_t seconds);
/// `2026-11-30 06:37:10` in UTC, with this character between date and time.
std::string moment_text(std::chrono::sys_seconds moment, char between);
/// The summary of finished work: `305 MB in 4.9 s`.
std::string done_text(std::uint64_t bytes, std::chrono::milliseconds took);

}  // namespace cli
