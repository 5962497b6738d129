// Parses the errors that psql and pg_restore print: place, statement and the server's message.
#include "transfer/tool_errors.h"

#include <algorithm>
#include <array>
#include <charconv>
#include <utility>

#include "dump/sql_statement.h"
#include "host/log.h"
#include "transfer/script_tool.h"

namespace transfer {

namespace {

constexpr std::size_t longest_line = 4096;
constexpr std::size_t longest_shown = 300;
constexpr std::size_t most_kept = 20;
constexpr std::size_t most_details = 6;

bool take(std::string_view& text, std::string_view beginning) {
    if (!text.starts_with(beginning)) return false;
    text.remove_prefix(beginning.size());
    return true;
}

// `12: ` -> 12
bool take_line_number(std::string_view& text, std::size_t& number) {
    const auto [stop, error] = std::from_chars(text.data(), text.data() + text.size(), number);
    if (error != std::errc{}) return false;
    text.remove_prefix(static_cast<std::size_t>(stop - text.data()));
    return take(text, ": ");
}

std::string cut(std::string_view text) {
    if (text.size() <= longest_shown) return host::printable(text);
    return host::printable(text.substr(0, longest_shown)) + " ..";
}

// The server's severities, followed by two spaces; psql and pg_restore themselves print `error: `.
constexpr std::array<std::string_view, 5> failures = {
    "ERROR:  ", "FATAL:  ", "PANIC:  ", "error: ", "fatal: "};
constexpr std::array<std::string_view, 3> kept_details = {"DETAIL:  ", "HINT:  ", "CONTEXT:  "};

// pg_restore's `215; 1259 16386 TABLE a postgres` names an entry: its kind, name and owner.
std::string entry_of(std::string_view text) {
    for (int numbers = 0; numbers < 3 && !text.empty(); ++numbers) {
        const auto stop = text.find(' ');
        if (stop == std::string_view::npos) break;
        text.remove_prefix(stop + 1);
    }
    return std::string{text.substr(0, text.rfind(' '))};
}

void replace_all(std::string& text, std::size_t begin, std::string_view stops) {
    const auto end = std::min(text.find_first_of(stops, begin), text.size());
    text.replace(begin, end - begin, "********");
}

}  // namespace

std::string without_passwords(std::string_view text) {
    std::string shown{text};
    for (const std::string_view key : {"password=", "passfile=", "password '", "PASSWORD '"}) {
        for (auto at = shown.find(key); at != std::string::npos; at = shown.find(key, at + 1))
            replace_all(shown, at + key.size(), key.ends_with('\'') ? "'" : " '\"&");
    }
    for (auto at = shown.find("://"); at != std::string::npos; at = shown.find("://", at + 1)) {
        const auto end = std::min(shown.find_first_of(" '\"/", at + 3), shown.size());
        const auto host = shown.rfind('@', end);
        const auto colon = shown.find(':', at + 3);
        if (host == std::string::npos || host < at || colon > host) continue;
        shown.replace(colon + 1, host - colon - 1, "********");
    }
    return shown;
}

std::string beginning_of(std::string_view statement) {
    std::string shown;
    std::size_t from = 0;
    const auto first = statement.substr(0, longest_line);
    for (const dump::Token& token : dump::tokens_of(first)) {
        if (shown.size() > longest_shown) break;
        if (!shown.empty() && token.begin > from) shown += ' ';
        from = token.end;
        shown += token.kind == dump::Token::Kind::text
                     ? "'..'"
                     : first.substr(token.begin, token.end - token.begin);
    }
    return cut(shown);
}

void ToolErrors::read(std::string_view bytes) {
    while (!bytes.empty()) {
        const auto end = std::min(bytes.find('\n'), bytes.size());
        const auto room = longest_line - std::min(longest_line, line_.size());
        line_.append(bytes.substr(0, std::min(end, room)));
        if (end == bytes.size()) return;
        take_line(std::exchange(line_, {}));
        bytes.remove_prefix(end + 1);
    }
}

void ToolErrors::take_line(std::string_view line) {
    if (!foreign_.empty() && line.starts_with(foreign_)) return;
    if (!begin(line)) go_on(line);
}

// Whether the line begins a new message.
bool ToolErrors::begin(std::string_view line) {
    std::string_view rest = line;
    std::size_t number = 0;
    if (transfer::take(rest, "psql:<stdin>:") && take_line_number(rest, number)) {
        at_ = lines_before_ == no_lines
                  ? ""
                  : "line " + std::to_string(number - std::min(number, lines_before_));
        line_number_ = number;
    } else if (transfer::take(rest, "psql: ")) {
        at_.clear();
    } else if (transfer::take(rest, "pg_restore: ")) {
        at_ = entry_;
    } else {
        return false;
    }
    if (transfer::take(rest, "from TOC entry ")) {
        entry_ = entry_of(rest);
        in_ = In::nothing;
        return true;
    }
    if (transfer::take(rest, "STATEMENT:  ")) {
        last_.statement = rest;
        in_ = In::statement;
        return true;
    }
    for (const std::string_view failure : failures) {
        if (!transfer::take(rest, failure)) continue;
        end();
        // About the end of rows after a failed COPY; no other backslash command reaches psql.
        if (rest.starts_with("backslash commands are restricted") ||
            rest.starts_with("invalid command \\."))
            return true;
        begin_complaint(rest);
        return true;
    }
    in_ = In::nothing;  // a notice or a warning
    return true;
}

void ToolErrors::begin_complaint(std::string_view message) {
    for (const std::string_view failure : failures) {
        const auto at = message.find(failure);
        if (at != std::string_view::npos && failure.front() <= 'Z')
            message.remove_prefix(at + failure.size());
    }
    last_ = {.where = at_, .message = without_passwords(cut(message))};
    in_ = In::message;
    last_line_ = line_number_;
    ++count_;
}

void ToolErrors::go_on(std::string_view line) {
    if (in_ == In::nothing) return;
    std::string_view rest = line;
    if (transfer::take(rest, "Command was: ")) {
        last_.statement = rest;
        in_ = In::statement;
    } else if (in_ == In::statement) {
        if (last_.statement.size() < longest_line) last_.statement.append("\n").append(line);
    } else if (std::any_of(kept_details.begin(), kept_details.end(),
                           [&](std::string_view one) { return line.starts_with(one); }) &&
               last_.details.size() < most_details) {
        last_.details.push_back(without_passwords(cut(line)));
    }
}

void ToolErrors::end() {
    if (!line_.empty()) take_line(std::exchange(line_, {}));
    if (in_ == In::nothing && last_.message.empty()) return;
    in_ = In::nothing;
    if (last_.message.empty()) return;
    if (const auto statement = without_enclosure(last_.statement)) {
        last_.statement = std::string{*statement};
        // Of the enclosure too.
        std::erase_if(last_.details, [](const std::string& line) {
            return line.starts_with("CONTEXT:  SQL statement \"") ||
                   line.starts_with("CONTEXT:  PL/pgSQL function inline_code_block ");
        });
    }
    last_.statement = beginning_of(last_.statement);
    ToolError complaint = std::exchange(last_, {});
    if (first_.size() < most_kept) first_.push_back(std::move(complaint));
}

void ToolErrors::add(ToolError complaint) {
    ++count_;
    if (first_.size() < most_kept) first_.push_back(std::move(complaint));
}

void ToolErrors::take(const ToolErrors& others) {
    count_ += others.count_;
    for (const ToolError& one : others.first_) {
        if (first_.size() < most_kept) first_.push_back(one);
    }
}

std::string headline(const ToolError& complaint) {
    return (complaint.where.empty() ? "" : complaint.where + ": ") + complaint.message;
}

std::string explanation(const ToolError& complaint) {
    std::string lines;
    const auto add = [&](const std::string& line) { lines += (lines.empty() ? "" : "\n") + line; };
    for (const auto& detail : complaint.details) add(detail);
    if (!complaint.statement.empty()) add("STATEMENT:  " + complaint.statement);
    return lines;
}

}  // namespace transfer
