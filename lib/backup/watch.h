// How far work on data has come, for whoever shows it.
#pragma once

#include <cstdint>
#include <functional>
#include <optional>

namespace backup {

/// Told about every second, and at the end: the bytes so far, and all there will be where that is
/// known. Empty when nobody wants to know.
using Watch = std::function<void(std::uint64_t done, std::optional<std::uint64_t> all)>;

}  // namespace backup
