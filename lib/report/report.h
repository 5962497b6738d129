// Reports made of one SQL statement: their columns, and the statement for each range of majors.
#pragma once

#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "value/value.h"

namespace report {

/// The unit of a column's values. A `duration` is in whole seconds, a `time` in whole seconds since
/// 1970.
enum class Unit { text, number, bytes, duration, time };

struct Column {
    std::string_view name;  // of the flag and of the JSON key; tables show it as words
    Unit unit = Unit::text;
};

/// The statement for servers of that major and later ones.
struct Statement {
    std::string_view sql;
    int first_major = 0;
};

/// One report. Its statement selects the columns in their order.
struct Report {
    std::span<const Column> columns;
    std::span<const Statement> statements;  // in the order of their majors
};

/// One row as a server returns it.
using Row = std::vector<std::optional<std::string>>;

/// The statement for a server of that major; throws Error if the report has none.
std::string_view statement_for(const Report& report, int major);
/// A row as typed values, under the names of the columns; null for a value that is null, missing or
/// not of its column's unit.
value::Fields typed(const Report& report, const Row& row);

/// The same for several rows.
value::List typed_rows(const Report& report, const std::vector<Row>& rows);

/// Rows as one text, to pass them from one of our programs to another.
std::string packed(const std::vector<Row>& rows);
/// The rows in a text of packed(); nothing for any other text.
std::optional<std::vector<Row>> unpacked(const Report& report, std::string_view text);

}  // namespace report
