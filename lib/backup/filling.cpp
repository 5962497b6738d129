// A database on its way to be filled by a dump: what every way of filling shares.
#include "backup/filling.h"

#include <algorithm>
#include <array>
#include <sstream>

#include "backup/interrupt.h"
#include "backup/room.h"
#include "error/error.h"
#include "host/log.h"

namespace backup {

namespace {

// What the server says to whoever has no right to something; there is no code to go by.
bool lacks_right(const std::string& reason) {
    constexpr std::array<std::string_view, 6> marks = {"permission denied", "must be superuser",
                                                       "must be owner",     "must be able to",
                                                       "must be member",    "Only roles with"};
    return std::any_of(marks.begin(), marks.end(), [&](std::string_view mark) {
        return reason.find(mark) != std::string::npos;
    });
}

Error refused_dump(const std::string& reason, std::string where, bool is_confined) {
    std::string hint;
    if (is_confined && lacks_right(reason)) {
        hint =
            "It needs more rights than those in one database. If you trust whoever made the dump, "
            "give them to it with --trusted.";
    } else if (reason.find("role \"") != std::string::npos) {
        hint =
            "Import an archive with --no-acl, make a plain dump with --no-acl, or create the role "
            "first.";
    }
    if (!where.empty() && !hint.empty()) where += "\n";
    return Error{"the dump cannot be imported: " + reason, where + hint};
}

}  // namespace

void Oversight::operator()() const {
    Interrupt::check();
    need_room(work_.session.service());
    if (!is_time_to_tell_()) return;
    if (handed_over_) {
        work_.replacement.tell_size(work_.how.filled);
    } else if (work_.how.taken) {
        work_.how.taken(work_.source.taken(), work_.source.all());
    }
}

void Oversight::handed_over() {
    if (work_.how.taken) work_.how.taken(work_.source.taken(), work_.source.all());
    handed_over_ = true;
}

Filling::Filling(const Work& work, const process::Command& command, const Oversight& oversight)
    : work_(work), feed_(command) {
    feed_.watch([&oversight] { oversight(); }, look_at_room);
}

void Filling::give(std::string_view bytes) {
    if (!done_ && !feed_.write(bytes)) finish();
}

void Filling::finish() {
    if (done_) return;
    done_ = true;
    const process::Result result = work_.session.outcome(feed_.finish());
    if (result.ok()) return;
    Interrupt::check();
    throw refused_dump(reason_of(result.err), {}, work_.replacement.is_confined());
}

Error refused_rows(const Work& work, const pg::Failure& failure) {
    std::string where;
    std::istringstream lines{failure.context()};
    for (std::string line; std::getline(lines, line);)
        where += (where.empty() ? "CONTEXT:  " : "\n") + host::printable(line);
    return refused_dump("ERROR:  " + host::printable(failure.what()), where,
                        work.replacement.is_confined());
}

std::string reason_of(const std::string& err) {
    constexpr std::array<std::string_view, 3> marks = {"ERROR:", "error:", "FATAL:"};
    std::string_view last = "it gave no reason";
    std::string_view rest = err;
    while (!rest.empty()) {
        const auto end = std::min(rest.find('\n'), rest.size());
        const std::string_view line = rest.substr(0, end);
        rest.remove_prefix(std::min(end + 1, rest.size()));
        const auto in_line = [&](std::string_view mark) {
            return line.find(mark) != std::string_view::npos;
        };
        if (std::any_of(marks.begin(), marks.end(), in_line)) return host::printable(line);
        if (line.find_first_not_of(" \t\r") != std::string_view::npos) last = line;
    }
    return host::printable(last);
}

}  // namespace backup
