// Sizes and times as people read them.
#pragma once

#include <chrono>
#include <cstdint>
#include <string>

namespace cli {

/// `1.2 GB`: powers of 1000, as disks and networks are counted.
std::string size_text(std::uint64_t bytes);
/// `4:05`, `1:04:05`, `2 d 1:04:05`.
std::string time_text(std::uint64_t seconds);
/// How an end tells what was done: `305 MB in 4.9 s`.
std::string done_text(std::uint64_t bytes, std::chrono::milliseconds took);

}  // namespace cli
