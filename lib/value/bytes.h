// Numbers of bytes, as flags take them.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace value {

/// A number of bytes: a limit reads as a flag takes it (`256m`), anything else as people do
/// (`268 MB`).
struct Bytes {
    std::int64_t count = 0;
    bool is_limit = false;
    bool operator==(const Bytes&) const = default;
};

/// A number with the unit b, k, m or g (powers of 1024, as Docker counts) in either case; `unit` is
/// how many bytes a plain number counts. Nothing for another text, and for one too large.
std::optional<Bytes> parse_limit(std::string_view text, std::int64_t unit);
/// The shortest text that parse_limit takes for it: `256m`, `1g`, `1500k`.
std::string limit_text(std::int64_t bytes);

}  // namespace value
