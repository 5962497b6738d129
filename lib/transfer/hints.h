// Hints for errors of the server during an import.
#pragma once

#include <string>
#include <string_view>

#include "error/error.h"

namespace transfer {

/// What a hint depends on, besides the message.
struct HintContext {
    std::string service = {};
    bool confined = true;
    bool merging = false;
    bool only_rows = false;  // the dump creates no table
};

/// What the user can do, and the exit code.
struct Hint {
    std::string text = {};  // full sentences, or empty
    Exit code = Exit::failed;
};

/// The hint for a message of the server, empty if there is none.
Hint hint_for(std::string_view message, const HintContext& given);

}  // namespace transfer
