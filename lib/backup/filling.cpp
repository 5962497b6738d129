// A dump on its way into a database, and the program that takes it in.
#include "backup/filling.h"

#include <algorithm>
#include <array>
#include <sstream>

#include "backup/advice.h"
#include "backup/interrupt.h"
#include "backup/statement.h"
#include "host/log.h"

namespace backup {

void make_ready(const Work& work) {
    work.replacement.make();
    try {
        work.replacement.provide(work.how.provision);
    } catch (const pg::Failure& failure) {
        const auto advice = advice_on(failure.what(), {.service = work.session.service().name,
                                                       .confined = work.replacement.is_confined()});
        throw Error{failure.what(), advice.hint};
    }
}

void Oversight::operator()() const {
    Interrupt::check();
    need_room(work_.session.service());
    work_.session.close_old();
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

Filling::Filling(const Work& work, const process::Command& command, const Oversight& oversight,
                 std::size_t lines_before)
    : work_(work), complaints_(lines_before, work.session.application()), feed_(command) {
    feed_.watch([&oversight] { oversight(); }, look_at_room);
    feed_.hear([this](std::string_view bytes) { complaints_.hear(bytes); });
}

void Filling::give(std::string_view bytes) {
    if (done_) return;
    if (feed_.write(bytes)) return;
    finish();
}

void Filling::finish() {
    if (done_) return;
    done_ = true;
    const process::Result result = work_.session.outcome(feed_.finish());
    complaints_.end();
    Interrupt::check();
    // pg_restore that came to its end past errors says so.
    const bool came_to_end = work_.how.lenient && result.status == 1 &&
                             result.err.find("errors ignored on restore") != std::string::npos;
    if (!result.ok() && !came_to_end) {
        const auto& first = complaints_.first();
        throw refused(work_,
                      first.empty() ? Complaint{.message = reason_of(result.err)} : first.front());
    }
    work_.complaints.take(complaints_);
}

Error refused(const Work& work, const Complaint& complaint) {
    const Advice advice =
        advice_on(complaint.message, {.service = work.session.service().name,
                                      .confined = work.replacement.is_confined(),
                                      .merging = work.how.merge,
                                      .only_rows = work.rules.tables().empty()});
    std::string hint = explanation(complaint);
    if (!advice.hint.empty()) hint += (hint.empty() ? "" : "\n") + advice.hint;
    return Error{"the dump cannot be imported: " + headline(complaint), hint, advice.code};
}

Error refused_rows(const Work& work, const RefusedRows& failure) {
    Statement copy{failure.statement()};
    copy.take({"copy"});
    std::string table;
    for (const auto& name : copy.qualified_name()) table += (table.empty() ? "" : ".") + name;
    Complaint complaint{.where = table.empty() ? "" : "TABLE DATA " + host::printable(table),
                        .message = without_passwords(host::printable(failure.what()))};
    std::istringstream lines{failure.context()};
    for (std::string line; std::getline(lines, line);)
        complaint.details.push_back((complaint.details.empty() ? "CONTEXT:  " : "") +
                                    without_passwords(host::printable(line)));
    return refused(work, complaint);
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
