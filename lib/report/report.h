// Reports made of one SQL statement: their columns, and the statement for each server.
#pragma once

#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "value/value.h"

namespace report {

/// What the values of a column are. A `duration` is whole seconds, a `time` whole seconds since
/// 1970.
enum class Unit { text, number, bytes, duration, time };

struct Column {
    std::string_view name;  // of a flag, in JSON and, in words, in tables
    Unit unit = Unit::text;
};

/// The statement for servers of that major and later ones.
struct Statement {
    std::string_view sql;
    int first_major = 0;
};

/// One report. What the statement selects are its columns, in order.
struct Report {
    std::span<const Column> columns;
    std::span<const Statement> statements;  // in the order of their majors
};

/// One row as a server tells it.
using Row = std::vector<std::optional<std::string>>;

/// The statement for a server of that major; throws Error where the report has none.
std::string_view statement_for(const Report& report, int major);
/// A row as typed values under the names of the columns; null for what is null, missing or not of
/// its column's unit.
value::Fields typed(const Report& report, const Row& row);

/// Several rows.
value::List typed_rows(const Report& report, const std::vector<Row>& rows);

/// Rows as one program of ours hands them to another.
std::string packed(const std::vector<Row>& rows);
/// The rows again; nothing for another text, and for rows of another number of columns.
std::optional<std::vector<Row>> unpacked(const Report& report, std::string_view text);

}  // namespace report
