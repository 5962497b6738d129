// The exception of this project: what went wrong, what the user can do, and the exit code.
#pragma once

#include <stdexcept>
#include <string>
#include <version>

// clang before version 16 has no std::source_location with libstdc++, and clang-tidy of Debian 12
// is older than that.
#ifdef __cpp_lib_source_location
#include <source_location>
using SourceLocation = std::source_location;
#else
struct SourceLocation {
    static SourceLocation current() { return {}; }
    const char* file_name() const { return ""; }  // NOLINT(*-convert-member-functions-to-static)
    unsigned line() const { return 0; }           // NOLINT(*-convert-member-functions-to-static)
};
#endif

/// The exit codes, the same in every command and hook.
enum class Exit : int {
    ok = 0,
    failed = 1,
    usage = 2,
    no_service = 3,
    refused = 4,
    degraded = 5,
    timed_out = 6,
    not_ours = 10,
    no_app = 20,
};

/// An error for the user: a message of one line, an optional hint that says what to do, and the
/// exit code.
class Error : public std::runtime_error {
public:
    explicit Error(const std::string& message, std::string hint = {}, Exit code = Exit::failed,
                   SourceLocation where = SourceLocation::current())
        : std::runtime_error(message), hint_(std::move(hint)), code_(code), where_(where) {}

    /// What the user can do: full sentences, or empty.
    const std::string& hint() const { return hint_; }
    /// The exit code of the program.
    Exit code() const { return code_; }
    /// Where it was thrown; shown under DOKKU_TRACE only.
    const SourceLocation& where() const { return where_; }

private:
    std::string hint_;
    Exit code_;
    SourceLocation where_;
};

/// An Error for wrong arguments or flags: exit code 2.
inline Error usage_error(const std::string& message, std::string hint = {},
                         SourceLocation where = SourceLocation::current()) {
    return Error(message, std::move(hint), Exit::usage, where);
}
