// Names in double quotes, as SQL and the server's settings write them.
#pragma once

#include <optional>
#include <string>
#include <string_view>

namespace pg {

/// Takes the quoted name that stands first off the text; nothing when its end is missing.
std::optional<std::string> take_quoted(std::string_view& text);

}  // namespace pg
