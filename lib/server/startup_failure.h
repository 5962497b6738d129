// Why a server does not start, read from the end of its log.
#pragma once

#include <string>
#include <string_view>

namespace server {

/// The failed starts that a log ends with.
struct StartupFailure {
    std::string cause;    // the server's last FATAL or PANIC message; empty: it said none
    std::string details;  // what it said about it, a line each
    int times = 0;        // how often the log has that message
};

/// Finds it after the last moment at which the server was ready. What a server tells a client that
/// it refuses is no failed start.
StartupFailure startup_failure(std::string_view log);
/// The lines of a log, each message once, where it stands last.
std::string without_repeats(std::string_view log);

}  // namespace server
