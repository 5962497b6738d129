// Names in double quotes, as SQL and the server's settings write them.
#include "pg/names.h"

namespace pg {

std::optional<std::string> take_quoted(std::string_view& text) {
    std::string name;
    for (text.remove_prefix(1); !text.empty(); text.remove_prefix(1)) {
        if (text.starts_with("\"\"")) {
            text.remove_prefix(1);  // a doubled one is one of the name's
        } else if (text.front() == '"') {
            text.remove_prefix(1);
            return name;
        }
        name += text.front();
    }
    return {};
}

}  // namespace pg
