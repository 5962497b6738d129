// Output of reports: as tables for people, as JSON for scripts.
#pragma once

#include <cstddef>
#include <functional>
#include <string>

#include "cli/format.h"
#include "cli/invocation.h"
#include "value/value.h"

namespace cli {

/// A value as compact JSON with a newline: bytes and seconds are numbers, a time is ISO 8601 in
/// UTC, fields are an object.
std::string json(const value::Value& value);
/// A value as one line for people, without a newline; null is a dash.
std::string text(const value::Value& value);

/// How a table shows the names of its lines.
struct Headings {
    bool in_words = true;  // `config-dir` as `Config dir`
    std::size_t width = 20;
};
/// A line for each field: seven spaces, the name with a colon, the text.
std::string table(const value::Fields& fields, const Headings& headings = {});
/// A table of rows with the same fields: a line of headings, then one line per row, numbers aligned
/// to the right. Empty if there are no rows.
std::string rows(const value::List& list);

/// Prints the report as JSON if `--format` says so; otherwise calls `for_people`. The other
/// function is not called.
void show(const Invocation& given, const std::function<value::Value()>& report,
          const std::function<void()>& for_people);

}  // namespace cli
