// Names in double quotes, as in SQL and in the server's settings.
#include "pg/names.h"

namespace pg {

std::optional<std::string> take_quoted(std::string_view& text) {
    std::string name;
    for (text.remove_prefix(1); !text.empty(); text.remove_prefix(1)) {
        if (text.starts_with("\"\"")) {
            text.remove_prefix(1);  // a doubled quote is one of the name
        } else if (text.front() == '"') {
            text.remove_prefix(1);
            return name;
        }
        name += text.front();
    }
    return {};
}

}  // namespace pg
