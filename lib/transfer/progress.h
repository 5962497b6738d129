// Progress of work on data.
#pragma once

#include <chrono>
#include <cstdint>
#include <functional>
#include <optional>

namespace transfer {

/// Called about every second and at the end, with the bytes so far and the total if it is known.
/// Empty: no progress is wanted.
using ProgressCallback = std::function<void(std::uint64_t done, std::optional<std::uint64_t> all)>;

/// Returns true once per second, for code that is called more often.
class EverySecond {
public:
    /// Whether a second has passed since it last returned true.
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
