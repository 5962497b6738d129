// Messages to the user in Dokku's format.
#include "host/log.h"

#include <spdlog/sinks/stdout_sinks.h>
#include <spdlog/spdlog.h>

#include <algorithm>
#include <cstddef>
#include <cstdio>

#include "error/utf8.h"
#include "host/environment.h"

namespace host {

namespace {

using Byte = unsigned char;

Byte byte_at(std::string_view text, std::size_t at) { return static_cast<Byte>(text[at]); }

// The length of `ESC [ .. letter`: up to the first byte that can end it.
std::size_t control_length(std::string_view text) {
    std::size_t end = 2;
    while (end < text.size() && (byte_at(text, end) < 0x40 || byte_at(text, end) > 0x7e)) ++end;
    return std::min(end + 1, text.size());
}

// The length of `ESC ] .. BEL` and the like: up to a bell or an escape of two bytes.
std::size_t string_length(std::string_view text) {
    const auto end = text.find_first_of("\a\x1b", 2);
    if (end == std::string_view::npos) return text.size();
    return std::min(end + (text[end] == '\a' ? 1 : 2), text.size());
}

// The length of a terminal escape that begins here.
std::size_t escape_length(std::string_view text) {
    if (text.size() < 2) return text.size();
    if (text[1] == '[') return control_length(text);
    if (std::string_view{"]PX^_"}.find(text[1]) != std::string_view::npos) {
        return string_length(text);
    }
    return 2;
}

void lines(std::string_view prefix, std::string_view text, FILE* stream = stderr) {
    std::string all;
    while (true) {
        const auto end = text.find('\n');
        all.append(prefix).append(printable(text.substr(0, end))).push_back('\n');
        if (end == std::string_view::npos || end + 1 == text.size()) break;
        text.remove_prefix(end + 1);
    }
    // one write, so that lines of parallel hooks do not mix
    std::fwrite(all.data(), 1, all.size(), stream);
    // keeps the order with stderr on a terminal
    if (stream == stdout) std::fflush(stdout);
}

spdlog::logger& tracer() {
    static spdlog::logger once = [] {
        spdlog::logger made{"postgres", std::make_shared<spdlog::sinks::stderr_sink_mt>()};
        made.set_pattern(" ?     %v");
        made.set_level(spdlog::level::debug);
        made.flush_on(spdlog::level::debug);
        return made;
    }();
    return once;
}

}  // namespace

void info1(std::string_view text) {
    if (!environment().quiet) lines("-----> ", text);
}

void info2(std::string_view text) {
    if (!environment().quiet) lines("=====> ", text, stdout);
}

void verbose(std::string_view text) {
    if (!environment().quiet) lines("       ", text);
}

void warn(std::string_view text) { lines(" !     ", text); }

void debug(std::string_view text) {
    if (environment().trace) tracer().debug("{}", printable(text));
}

std::string printable(std::string_view text) {
    std::string shown;
    while (!text.empty()) {
        const Byte first = byte_at(text, 0);
        std::size_t length = 1;
        if (first == '\x1b') {
            length = escape_length(text);
        } else if (first == '\n' || first == '\t') {
            shown.push_back(' ');
        } else if (const auto drawn = error::printable_length(text); drawn > 0) {
            shown.append(text.substr(0, drawn));
            length = drawn;
        } else if (const auto whole = error::utf8_length(text); whole > 0) {
            length = whole;
        } else {
            shown.push_back('?');
        }
        text.remove_prefix(length);
    }
    return shown;
}

}  // namespace host
