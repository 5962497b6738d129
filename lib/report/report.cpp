// Reports made of one SQL statement.
#include "report/report.h"

#include <charconv>
#include <chrono>
#include <cstdint>

#include "error/error.h"

namespace report {

namespace {

std::optional<std::int64_t> whole_number(std::string_view text) {
    std::int64_t number = 0;
    const auto [stop, error] = std::from_chars(text.data(), text.data() + text.size(), number);
    if (error != std::errc{} || stop != text.data() + text.size()) return {};
    return number;
}

value::Value typed(Unit unit, const std::string& text) {
    if (unit == Unit::text) return text;
    const auto number = whole_number(text);
    if (!number) return {};
    if (unit == Unit::bytes) return value::Bytes{.count = *number};
    if (unit == Unit::duration) return std::chrono::seconds{*number};
    if (unit == Unit::time) return value::Time{std::chrono::seconds{*number}};
    return *number;
}

}  // namespace

std::string_view statement_for(const Report& report, int major) {
    std::string_view sql;
    for (const auto& statement : report.statements)
        if (major >= statement.first_major) sql = statement.sql;
    if (sql.empty())
        throw Error{"PostgreSQL " + std::to_string(major) + " does not have this report"};
    return sql;
}

value::Fields typed(const Report& report, const Row& row) {
    value::Fields fields;
    for (std::size_t i = 0; i < report.columns.size(); ++i) {
        const auto& column = report.columns[i];
        const bool known = i < row.size() && row[i];
        fields.emplace_back(column.name, known ? typed(column.unit, *row[i]) : value::Value{});
    }
    return fields;
}

value::List typed_rows(const Report& report, const std::vector<Row>& rows) {
    value::List list;
    for (const auto& row : rows) list.emplace_back(typed(report, row));
    return list;
}

// No text of PostgreSQL holds a NUL byte: it ends each value, and `=` begins one that is not null.
std::string packed(const std::vector<Row>& rows) {
    std::string text;
    for (const auto& row : rows) {
        for (const auto& field : row) {
            if (field) text += "=" + *field;
            text += '\0';
        }
    }
    return text;
}

std::optional<std::vector<Row>> unpacked(const Report& report, std::string_view text) {
    std::vector<Row> rows;
    while (!text.empty()) {
        const auto end = text.find('\0');
        if (end == std::string_view::npos || (end > 0 && text.front() != '=')) return {};
        if (rows.empty() || rows.back().size() == report.columns.size()) rows.emplace_back();
        auto& field = rows.back().emplace_back();
        if (end > 0) field = text.substr(1, end - 1);
        text.remove_prefix(end + 1);
    }
    if (!rows.empty() && rows.back().size() != report.columns.size()) return {};
    return rows;
}

}  // namespace report
