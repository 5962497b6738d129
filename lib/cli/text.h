// Foreign text on a terminal.
#pragma once

#include <string>
#include <string_view>

namespace cli {

/// The text with control characters and invalid bytes as escapes, so that a hostile name cannot
/// control the terminal.
std::string terminal_safe(std::string_view text);

}  // namespace cli
