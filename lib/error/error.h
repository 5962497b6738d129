// The one exception of the project: what went wrong, what to do about it, and the exit code.
#pragma once

#include <source_location>
#include <stdexcept>
#include <string>

/// What an exit code says; the same in every command and hook.
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

/// A failure to be told to the user: one line, perhaps a second that says what to do, and the exit code.
class Error : public std::runtime_error {
public:
    explicit Error(const std::string& message, std::string hint = {}, Exit code = Exit::failed,
                   std::source_location where = std::source_location::current())
        : std::runtime_error(message), hint_(std::move(hint)), code_(code), where_(where) {}

    /// What to do about it: a full sentence, or empty.
    const std::string& hint() const { return hint_; }
    /// The exit code of the program.
    Exit code() const { return code_; }
    /// Where it was thrown; shown under DOKKU_TRACE only.
    const std::source_location& where() const { return where_; }

private:
    std::string hint_;
    Exit code_;
    std::source_location where_;
};

/// An Error for words that the user typed wrong: exit code 2.
inline Error usage_error(const std::string& message, std::string hint = {},
                         std::source_location where = std::source_location::current()) {
    return Error(message, std::move(hint), Exit::usage, where);
}
