// What to do about an error of the server in a dump.
#pragma once

#include <string>
#include <string_view>

#include "error/error.h"

namespace transfer {

/// What an import was, as far as advice depends on it.
struct HintContext {
    std::string service = {};
    bool confined = true;
    bool merging = false;
    bool only_rows = false;  // the dump has made no table
};

struct Hint {
    std::string text = {};  // full sentences, or empty
    Exit code = Exit::failed;
};

/// What the server's message calls for.
Hint hint_for(std::string_view message, const HintContext& given);

}  // namespace transfer
