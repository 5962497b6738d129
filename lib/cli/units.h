// Sizes and times as people read them.
#pragma once

#include <cstdint>
#include <string>

namespace cli {

/// `1.2 GB`: powers of 1000, as disks and networks are counted.
std::string size_text(std::uint64_t bytes);
/// `4:05`, `1:04:05`, `2 d 1:04:05`.
std::string time_text(std::uint64_t seconds);

}  // namespace cli
