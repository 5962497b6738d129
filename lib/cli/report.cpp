// Tables, and JSON by Boost.JSON, which does the escaping.
#include "cli/report.h"

#include <algorithm>
#include <boost/json.hpp>
#include <chrono>
#include <cstdint>
#include <string_view>
#include <vector>

#include "cli/main.h"
#include "cli/text.h"
#include "cli/units.h"

namespace cli {

namespace {

using value::Bytes;
using value::Fields;
using value::List;
using value::Value;

boost::json::value to_json(const Value& value);

struct JsonWriter {
    boost::json::value operator()(value::Null /*null*/) const { return nullptr; }
    boost::json::value operator()(bool yes) const { return yes; }
    boost::json::value operator()(const std::string& text) const {
        return boost::json::string(text);
    }
    boost::json::value operator()(std::int64_t number) const { return number; }
    boost::json::value operator()(value::Bytes bytes) const { return bytes.count; }
    boost::json::value operator()(std::chrono::seconds time) const { return time.count(); }
    boost::json::value operator()(value::Time time) const {
        return boost::json::string(moment_text(time, 'T') + "Z");
    }
    boost::json::value operator()(const List& list) const {
        boost::json::array out;
        for (const Value& one : list) out.push_back(to_json(one));
        return out;
    }
    boost::json::value operator()(const Fields& fields) const {
        boost::json::object out;
        for (const auto& [key, one] : fields) out[key] = to_json(one);
        return out;
    }
};

boost::json::value to_json(const Value& value) { return std::visit(JsonWriter{}, value); }

struct TextWriter {
    std::string operator()(value::Null /*null*/) const { return "-"; }
    std::string operator()(bool yes) const { return yes ? "true" : "false"; }
    std::string operator()(const std::string& text) const { return text; }
    std::string operator()(std::int64_t number) const { return std::to_string(number); }
    std::string operator()(value::Bytes bytes) const {
        return bytes.is_limit ? value::limit_text(bytes.count)
                              : size_text(static_cast<std::uint64_t>(bytes.count));
    }
    std::string operator()(std::chrono::seconds time) const {
        return time_text(static_cast<std::uint64_t>(time.count()));
    }
    std::string operator()(value::Time time) const { return moment_text(time, ' ') + " UTC"; }
    std::string operator()(const List& list) const {
        std::string out;
        for (const Value& one : list) out += (out.empty() ? "" : ",") + text(one);
        return out;
    }
    std::string operator()(const Fields& fields) const {
        std::string out;
        for (const auto& [key, one] : fields)
            out += (out.empty() ? "" : " ") + key + "=" + text(one);
        return out;
    }
};

/// `config-dir` as `Config dir`.
std::string in_words(std::string_view key) {
    std::string name{key};
    std::replace(name.begin(), name.end(), '-', ' ');
    name[0] = static_cast<char>(name[0] - 'a' + 'A');
    return name;
}

std::string heading(std::string_view key, const Headings& headings) {
    std::string name = (headings.in_words ? in_words(key) : std::string{key}) + ":";
    if (name.size() < headings.width) name.resize(headings.width, ' ');
    return name;
}

/// How many characters a terminal shows of a text in UTF-8.
std::size_t width_of(std::string_view text) {
    return static_cast<std::size_t>(
        std::count_if(text.begin(), text.end(), [](char c) { return (c & 0xc0) != 0x80; }));
}

bool is_number(const Value& value) {
    return std::holds_alternative<std::int64_t>(value) || std::holds_alternative<Bytes>(value) ||
           std::holds_alternative<std::chrono::seconds>(value);
}

}  // namespace

std::string json(const Value& value) { return boost::json::serialize(to_json(value)) + "\n"; }

std::string text(const Value& value) {
    return terminal_safe(value.shown ? *value.shown : std::visit(TextWriter{}, value));
}

std::string table(const Fields& fields, const Headings& headings) {
    std::string out;
    for (const auto& [key, one] : fields)
        out += "       " + heading(key, headings) + " " + text(one) + "\n";
    return out;
}

std::string rows(const List& list) {
    struct Column {
        std::vector<std::string> cells;  // the first one is the heading
        std::size_t width = 0;
        bool is_right = false;
    };
    std::vector<Column> columns;
    for (const Value& row : list) {
        const auto& fields = std::get<Fields>(row);
        columns.resize(fields.size());
        for (std::size_t i = 0; i < fields.size(); ++i) {
            const auto& [key, one] = fields[i];
            auto& column = columns[i];
            if (column.cells.empty()) column.cells.push_back(in_words(key));
            column.cells.push_back(text(one));
            column.is_right = column.is_right || is_number(one);
        }
    }
    for (auto& column : columns)
        for (const auto& cell : column.cells) column.width = std::max(column.width, width_of(cell));
    std::string out;
    for (std::size_t line = 0; !columns.empty() && line <= list.size(); ++line) {
        std::string words;
        for (const auto& column : columns) {
            const std::string& cell = column.cells[line];
            const std::string gap(column.width - width_of(cell), ' ');
            words += "  " + (column.is_right ? gap + cell : cell + gap);
        }
        out += "     " + words.substr(0, words.find_last_not_of(' ') + 1) + "\n";
    }
    return out;
}

void show(const Invocation& given, const std::function<Value()>& report,
          const std::function<void()>& for_people) {
    if (wants_json(given)) return print(json(report()));
    for_people();
}

}  // namespace cli
