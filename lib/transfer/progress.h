// How far work on data has come, for whoever shows it.
#pragma once

#include <chrono>
#include <cstdint>
#include <functional>
#include <optional>

namespace transfer {

/// Told about every second, and at the end: the bytes so far, and all there will be where that is
/// known. Empty when nobody wants to know.
using ProgressCallback = std::function<void(std::uint64_t done, std::optional<std::uint64_t> all)>;

/// Whether a second has passed since it last said so: for what is looked at more often than it is
/// told.
class EverySecond {
public:
    bool operator()() {
        const auto now = std::chrono::steady_clock::now();
        if (now < next_) return false;
        next_ = now + std::chrono::seconds{1};
        return true;
    }

private:
    std::chrono::steady_clock::time_point next_ = std::chrono::steady_clock::now();
};

}  // namespace transfer
