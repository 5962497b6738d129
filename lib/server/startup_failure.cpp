// Why a server does not start, read from the end of its log.

#include "server/startup_failure.h"

#include <algorithm>
#include <optional>
#include <set>
#include <vector>

namespace server {

namespace {

using LogLines = std::vector<std::string_view>;

// What follows a severity: `2026-01-01 10:00:00 UTC [1] FATAL:  text`.
std::optional<std::string_view> after(std::string_view line, std::string_view severity) {
    const auto found = line.find(severity);
    if (found == std::string_view::npos) return {};
    line.remove_prefix(found + severity.size());
    line.remove_prefix(std::min(line.find_first_not_of(' '), line.size()));
    return line;
}

// A message without the time and the process, which differ each time.
std::string_view message_of(std::string_view line) {
    for (const auto* severity : {"FATAL:", "PANIC:", "ERROR:", "LOG:", "DETAIL:", "HINT:"}) {
        const auto found = line.find(severity);
        if (found != std::string_view::npos) return line.substr(found);
    }
    return line;
}

LogLines lines_of(std::string_view log) {
    LogLines lines;
    while (!log.empty()) {
        const auto end = std::min(log.find('\n'), log.size());
        auto line = log.substr(0, end);
        if (line.ends_with('\r')) line.remove_suffix(1);
        if (!line.empty()) lines.push_back(line);
        log.remove_prefix(std::min(end + 1, log.size()));
    }
    return lines;
}

LogLines since_ready(const LogLines& lines) {
    const auto last = std::find_if(lines.rbegin(), lines.rend(), [](std::string_view line) {
        return line.find("ready to accept connections") != std::string_view::npos;
    });
    return LogLines(last.base(), lines.end());
}

// Said to one client, while the server goes on.
bool is_of_a_session(std::string_view message) {
    constexpr std::string_view beginnings[] = {"the database system is",
                                               "terminating",
                                               "password authentication",
                                               "no pg_hba.conf entry",
                                               "pg_hba.conf",
                                               "database \"",
                                               "role \"",
                                               "sorry, too many",
                                               "remaining connection slots",
                                               "canceling",
                                               "connection ",
                                               "unsupported frontend protocol"};
    return std::any_of(std::begin(beginnings), std::end(beginnings),
                       [&](std::string_view one) { return message.starts_with(one); });
}

std::optional<std::string_view> failure_in(std::string_view line) {
    auto message = after(line, "FATAL:");
    if (!message) message = after(line, "PANIC:");
    if (!message || is_of_a_session(*message)) return {};
    return message;
}

// A configuration file with errors is named by the failure, and they stand in lines before it.
bool is_about_settings(std::string_view line) {
    return after(line, "LOG:") && (line.find("parameter \"") != std::string_view::npos ||
                                   line.find("in file \"") != std::string_view::npos);
}

std::string details_at(const LogLines& lines, std::size_t failure) {
    auto first = failure;
    while (first > 0 && is_about_settings(lines[first - 1])) --first;
    std::string details;
    const auto add = [&](std::string_view text) {
        if (!details.empty()) details += '\n';
        details += text;
    };
    for (auto i = first; i < failure; ++i) add(*after(lines[i], "LOG:"));
    for (auto i = failure + 1; i < lines.size(); ++i) {
        auto further = after(lines[i], "DETAIL:");
        if (!further) further = after(lines[i], "HINT:");
        if (!further) break;
        add(*further);
    }
    return details;
}

}  // namespace

StartupFailure startup_failure(std::string_view log) {
    const auto lines = since_ready(lines_of(log));
    StartupFailure found;
    for (std::size_t i = lines.size(); i > 0; --i) {
        const auto message = failure_in(lines[i - 1]);
        if (!message) continue;
        if (found.times == 0) {
            found.cause = *message;
            found.details = details_at(lines, i - 1);
        }
        if (*message == found.cause) ++found.times;
    }
    return found;
}

std::string without_repeats(std::string_view log) {
    const auto lines = lines_of(log);
    std::set<std::string_view> said;
    LogLines kept;
    for (auto line = lines.rbegin(); line != lines.rend(); ++line)
        if (said.insert(message_of(*line)).second) kept.push_back(*line);
    std::string text;
    for (auto line = kept.rbegin(); line != kept.rend(); ++line) {
        text += *line;
        text += '\n';
    }
    return text;
}

}  // namespace server
