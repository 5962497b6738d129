// The import of one dump, and the programs that load it.
#include "transfer/import_job.h"

#include <algorithm>
#include <array>
#include <sstream>

#include "dump/sql_statement.h"
#include "host/log.h"
#include "process/cancellation.h"
#include "transfer/hints.h"

namespace transfer {

void make_ready(const ImportJob& work) {
    work.staging.make();
    try {
        work.staging.provide(work.how.provision);
    } catch (const pg::Failure& failure) {
        const auto hint = hint_for(failure.what(), {.service = work.session.service().name,
                                                    .confined = work.staging.is_confined()});
        throw Error{failure.what(), hint.text};
    }
}

void ImportMonitor::operator()() const {
    process::check_cancelled();
    require_disk_space(work_.session.service());
    work_.session.close_old();
    if (!is_time_to_tell_()) return;
    if (handed_over_) {
        work_.staging.tell_size(work_.how.filled);
    } else if (work_.how.taken) {
        work_.how.taken(work_.source.taken(), work_.source.all());
    }
}

void ImportMonitor::handed_over() {
    if (work_.how.taken) work_.how.taken(work_.source.taken(), work_.source.all());
    handed_over_ = true;
}

ImportTool::ImportTool(const ImportJob& work, const process::Command& command,
                       const ImportMonitor& monitor, std::size_t lines_before)
    : work_(work), complaints_(lines_before, work.session.application()), feed_(command) {
    feed_.watch([&monitor] { monitor(); }, disk_check_interval);
    feed_.on_output([this](std::string_view bytes) { complaints_.read(bytes); });
}

void ImportTool::give(std::string_view bytes) {
    if (done_) return;
    if (feed_.write(bytes)) return;
    finish();
}

void ImportTool::finish() {
    if (done_) return;
    done_ = true;
    const process::Result result = work_.session.outcome(feed_.finish());
    complaints_.end();
    process::check_cancelled();
    // pg_restore prints this if it reached the end despite errors.
    const bool came_to_end = work_.how.lenient && result.status == 1 &&
                             result.err.find("errors ignored on restore") != std::string::npos;
    if (!result.ok() && !came_to_end) {
        const auto& first = complaints_.first();
        throw refused(work_,
                      first.empty() ? ToolError{.message = reason_of(result.err)} : first.front());
    }
    work_.complaints.take(complaints_);
}

Error refused(const ImportJob& work, const ToolError& complaint) {
    const Hint known = hint_for(complaint.message, {.service = work.session.service().name,
                                                    .confined = work.staging.is_confined(),
                                                    .merging = work.how.merge,
                                                    .only_rows = work.rules.tables().empty()});
    std::string hint = explanation(complaint);
    if (!known.text.empty()) hint += (hint.empty() ? "" : "\n") + known.text;
    return Error{"the dump cannot be imported: " + headline(complaint), hint, known.code};
}

Error refused_rows(const ImportJob& work, const RefusedRows& failure) {
    dump::Statement copy{failure.statement()};
    copy.take({"copy"});
    std::string table;
    for (const auto& name : copy.qualified_name()) table += (table.empty() ? "" : ".") + name;
    ToolError complaint{.where = table.empty() ? "" : "TABLE DATA " + host::printable(table),
                        .message = without_passwords(host::printable(failure.what()))};
    std::istringstream lines{failure.context()};
    for (std::string line; std::getline(lines, line);)
        complaint.details.push_back((complaint.details.empty() ? "CONTEXT:  " : "") +
                                    without_passwords(host::printable(line)));
    return refused(work, complaint);
}

std::string reason_of(const std::string& err) {
    constexpr std::array<std::string_view, 3> marks = {"ERROR:", "error:", "FATAL:"};
    std::string_view last = "no reason given";
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

}  // namespace transfer
