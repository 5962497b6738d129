// What commands show: one writer of tables for people, one of JSON for scripts.
#pragma once

#include <cstddef>
#include <functional>
#include <string>

#include "cli/format.h"
#include "cli/invocation.h"
#include "value/value.h"

namespace cli {

/// One compact document and a newline: bytes and seconds are numbers, a time is ISO 8601 in UTC,
/// fields are an object.
std::string json(const value::Value& value);
/// One line for people, without its newline; null is a dash.
std::string text(const value::Value& value);

/// How a table writes the names of its lines.
struct Headings {
    bool in_words = true;  // `config-dir` as `Config dir`
    std::size_t width = 20;
};
/// A line for each field: seven spaces, the name with a colon, the text.
std::string table(const value::Fields& fields, const Headings& headings = {});
/// A table of rows that all have the same fields: a line of their names, then a line each, numbers
/// to the right. Nothing for no rows.
std::string rows(const value::List& list);

/// Prints what `--format` asks for: the report as JSON, or what `for_people` prints. The other one
/// is not called.
void show(const Invocation& given, const std::function<value::Value()>& report,
          const std::function<void()>& for_people);

}  // namespace cli
