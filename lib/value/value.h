// Typed values of reports, which are printed as tables or JSON.
#pragma once

#include <chrono>
#include <cstdint>
#include <optional>
#include <string>
#include <utility>
#include <variant>
#include <vector>

#include "value/bytes.h"

namespace value {

struct Value;
using List = std::vector<Value>;
/// Named values, in order. The names are those of the flags and of the JSON keys.
using Fields = std::vector<std::pair<std::string, Value>>;
using Null = std::monostate;
/// A point in time, to the second.
using Time = std::chrono::sys_seconds;

/// One value; null if it is unknown or not set.
struct Value : std::variant<Null, bool, std::string, std::int64_t, Bytes, std::chrono::seconds,
                            Time, List, Fields> {
    using variant::variant;
    /// The text in tables, if it differs from the usual one of this type. JSON has the value.
    std::optional<std::string> shown = {};
};

/// A value with a text of its own for tables.
inline Value shown_as(Value value, std::string text) {
    value.shown = std::move(text);
    return value;
}

/// A text. An empty one becomes null, which tables show as nothing.
inline Value text_or_null(std::string text) {
    return text.empty() ? shown_as({}, {}) : Value{std::move(text)};
}

}  // namespace value
