// JSON as `--format json` prints it: one compact document and a newline.
#pragma once

#include <string>
#include <utility>
#include <vector>

namespace cli {

/// A flat object of texts, in order.
using Fields = std::vector<std::pair<std::string, std::string>>;

/// `{"a":"b"}` and a newline.
std::string json_object(const Fields& fields);
/// `["a","b"]` and a newline.
std::string json_list(const std::vector<std::string>& values);
/// `[{"a":"b"},..]` and a newline.
std::string json_objects(const std::vector<Fields>& rows);
/// Whether the value of `--format` asks for JSON; `stdout` and `text` are the plain form, anything
/// else is a usage Error.
bool wants_json(const std::string& format);

}  // namespace cli
