// JSON through Boost.JSON, which knows how to escape.
#include "cli/json.h"

#include <boost/json.hpp>

#include "error/error.h"

namespace cli {

namespace {

boost::json::object object(const Fields& fields) {
    boost::json::object out;
    for (const auto& [key, value] : fields) out[key] = value;
    return out;
}

std::string line(const boost::json::value& value) { return boost::json::serialize(value) + "\n"; }

}  // namespace

std::string json_object(const Fields& fields) { return line(object(fields)); }

std::string json_list(const std::vector<std::string>& values) {
    boost::json::array out;
    for (const std::string& value : values) out.emplace_back(value);
    return line(out);
}

std::string json_objects(const std::vector<Fields>& rows) {
    boost::json::array out;
    for (const Fields& row : rows) out.emplace_back(object(row));
    return line(out);
}

bool wants_json(const std::string& format) {
    if (format == "json") return true;
    if (format == "stdout" || format == "text") return false;
    throw usage_error("unknown format '" + format + "'", "The formats are stdout and json.");
}

}  // namespace cli
