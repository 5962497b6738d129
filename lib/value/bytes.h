// Sizes in bytes, and how flags write them (`256m`).
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace value {

/// A size in bytes. A limit is shown as flags write it (`256m`), any other size in powers of 1000
/// (`268 MB`).
struct Bytes {
    std::int64_t count = 0;
    bool is_limit = false;
    bool operator==(const Bytes&) const = default;
};

/// Parses a number with the unit b, k, m or g (powers of 1024, as in Docker), in lower or upper
/// case. `unit` is how many bytes a number without a unit counts. Nothing for any other text, or if
/// the size does not fit into 63 bits.
std::optional<Bytes> parse_limit(std::string_view text, std::int64_t unit);
/// The shortest way to write a size for parse_limit(): `256m`, `1g`, `1500k`.
std::string limit_text(std::int64_t bytes);

}  // namespace value
