// Names in double quotes, as in SQL and in the server's settings.
#pragma once

#include <optional>
#include <string>
#include <string_view>

namespace pg {

/// Removes the quoted name at the beginning of the text and returns it; nothing if its closing
/// quote is missing.
std::optional<std::string> take_quoted(std::string_view& text);

}  // namespace pg
