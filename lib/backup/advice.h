// What to do about an error of the server in a dump.
#pragma once

#include <string>
#include <string_view>

#include "error/error.h"

namespace backup {

/// What an import was, as far as advice depends on it.
struct Circumstances {
    std::string service = {};
    bool confined = true;
    bool merging = false;
    bool only_rows = false;  // the dump has made no table
};

struct Advice {
    std::string hint = {};  // full sentences, or empty
    Exit code = Exit::failed;
};

/// What the server's message calls for.
Advice advice_on(std::string_view message, const Circumstances& given);

}  // namespace backup
