// Typed values: what a command knows of a thing, before it is a table or JSON.
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
/// Values by the names that flags and JSON have for them, in order.
using Fields = std::vector<std::pair<std::string, Value>>;
using Null = std::monostate;
/// A moment, to the second.
using Time = std::chrono::sys_seconds;

/// One value. Null is what is not known or not there.
struct Value : std::variant<Null, bool, std::string, std::int64_t, Bytes, std::chrono::seconds,
                            Time, List, Fields> {
    using variant::variant;
    /// What people read where the value's kind alone does not say it; JSON has the value.
    std::optional<std::string> shown = {};
};

/// The value, with the text that people read.
inline Value shown_as(Value value, std::string text) {
    value.shown = std::move(text);
    return value;
}

/// A text, or null for an empty one, which people see as nothing at all.
inline Value text_or_null(std::string text) {
    return text.empty() ? shown_as({}, {}) : Value{std::move(text)};
}

}  // namespace value
