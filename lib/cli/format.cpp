// `--format`, the flag of the commands that show a report.
#include "cli/format.h"

#include <algorithm>

#include "error/error.h"

namespace cli {

bool has_format(const Command& command) {
    return std::any_of(command.flags.begin(), command.flags.end(), [](const Flag& flag) {
        return flag.name == format_flag.name && flag.value == format_flag.value;
    });
}

bool wants_json(const Invocation& given) {
    const std::string format = given.find("format").value_or("stdout");
    if (format == "json") return true;
    if (format == "stdout" || format == "text") return false;
    throw usage_error("unknown format '" + format + "'", "The formats are stdout and json.");
}

}  // namespace cli
