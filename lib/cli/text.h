// Words of others on a terminal.
#pragma once

#include <string>
#include <string_view>

namespace cli {

/// The text with every byte that a terminal would obey shown as an escape: a hostile name must not
/// draw on it.
std::string harmless(std::string_view text);

}  // namespace cli
