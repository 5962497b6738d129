// Import: a dump into the service's database, all of it or nothing.
#include "backup/restore.h"

#include <unistd.h>

#include <algorithm>
#include <array>
#include <optional>
#include <string_view>

#include "backup/contents.h"
#include "backup/conversion.h"
#include "backup/ending.h"
#include "backup/filling.h"
#include "backup/interrupt.h"
#include "backup/merging.h"
#include "backup/parts.h"
#include "backup/plain.h"
#include "backup/spool.h"
#include "error/error.h"
#include "host/log.h"
#include "pg/databases.h"
#include "pg/inventory.h"

namespace backup {

namespace {

constexpr const char* as_before = "The database is exactly what it was.";

// An archive's bytes, taken as many at a time as somebody wants.
class Pulling {
public:
    Pulling(const Work& work, const Oversight& oversight) : work_(work), oversight_(oversight) {}

    std::size_t take(char* into, std::size_t size) {
        if (left_.empty()) {
            left_ = work_.source.read();
            oversight_();
        }
        const std::size_t count = std::min(size, left_.size());
        left_.copy(into, count);
        left_.remove_prefix(count);
        return count;
    }

    /// All that nobody took.
    template <class Each>
    void rest(const Each& each) {
        if (!left_.empty()) each(left_);
        pump(work_.source, oversight_, each);
    }

private:
    const Work& work_;
    const Oversight& oversight_;
    std::string_view left_;
};

// The bytes of a custom archive, whatever the dump is, put for a role without rights where one
// fills the database.
void give_archive(const Work& work, const Oversight& oversight, const Sink& sink) {
    const bool is_confined = work.replacement.is_confined();
    Pulling pulling{work, oversight};
    const auto bytes = [&](char* into, std::size_t size) { return pulling.take(into, size); };
    if (work.head.format == Format::tar) {
        pass_as_custom(
            bytes,
            [&](Entry& entry) {
                if (is_confined) confine(entry);
            },
            sink);
        pulling.rest([](std::string_view) {});  // padding, and the end of what wraps it
        return;
    }
    if (is_confined && ArchiveReader::reads((work.head.archive ? work.head.archive->version : 0))) pass_contents(bytes, sink);
    pulling.rest(sink);
}

void fill_by_archive(const Work& work) {
    Oversight oversight{work};
    const auto words = archive_words(work.replacement.name(), work.how.grants);
    Filling filling{work, work.replacement.tool(words), oversight};
    give_archive(work, oversight, [&](std::string_view bytes) { filling.give(bytes); });
    filling.finish();
}

void fill_by_spool(const Work& work) {
    const std::string end = spool_end();
    Oversight oversight{work};
    Filling filling{work, spool_tool(work.replacement, work.how.grants, work.jobs, end), oversight};
    try {
        give_archive(work, oversight, [&](std::string_view bytes) { filling.give(bytes); });
        filling.give(end);
        filling.finish();
    } catch (const NoRoom& error) {
        throw Error{error.what(),
                    error.hint() + "\nWith --jobs 1 there is no copy of the dump beside it.",
                    error.code(), error.where()};
    }
}

void fill(const Work& work) {
    if (work.head.format == Format::plain) return fill_by_script(work);
    if (work.how.merge) return merge_archive(work);
    if (work.jobs > 1) return fill_by_spool(work);
    fill_by_archive(work);
}

// Several sessions need the archive on disk. It is packed: the database that comes out of it is at
// least as large again.
int jobs_of(const Session& session, Format format, Source& source, const Restoring& how) {
    constexpr std::size_t worth_it = 4UL * 1024 * 1024;
    if (format != Format::custom || how.jobs == 1) return 1;
    if (!how.jobs && !source.holds(worth_it)) return 1;
    const auto room = room_of(session.service());
    if (room && *room < least_room + 2 * source.all().value_or(worth_it)) {
        host::verbose("No room for a copy of the dump: one session takes it in");
        return 1;
    }
    return how.jobs.value_or(default_jobs());
}

Rules rules_for(const Session& session, const Replacement& replacement, const Restoring& how) {
    auto inside = session.to(replacement.name());
    return {pg::inventory_of(inside),
            {.confined = replacement.is_confined(),
             .grants = how.grants,
             .merging = how.merge,
             .lenient = how.lenient}};
}

// What failed and did not end the import.
void tell(const Complaints& complaints) {
    for (const Complaint& one : complaints.first()) {
        const std::string more = explanation(one);
        host::warn("failed: " + headline(one) + (more.empty() ? "" : "\n" + more));
    }
    const std::size_t more = complaints.count() - complaints.first().size();
    if (more > 0) host::warn("and " + std::to_string(more) + " more statements failed");
}

// The error that is thrown last is the one that is shown: it too has to say what became of the
// database.
template <class Attempt>
void or_as_before(const Attempt& attempt) {
    try {
        attempt();
    } catch (const pg::Undecided&) {
        throw;
    } catch (const Error& error) {
        const std::string hint = error.hint().empty() ? as_before : error.hint() + "\n" + as_before;
        throw Error{error.what(), hint, error.code(), error.where()};
    }
}

}  // namespace

std::vector<std::string> archive_words(const std::string& database, bool grants) {
    std::vector<std::string> words = {"pg_restore", "--format=custom", "--exit-on-error",
                                      "--no-owner", "--no-password"};
    if (!grants) words.emplace_back("--no-acl");
    words.push_back("--dbname=" + database);
    return words;
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

// Its minor versions of August 2025 brought it (CVE-2025-8714).
bool knows_restrict(int version) {
    struct First {
        int major;
        int minor;
    };
    constexpr First firsts[] = {{14, 19}, {15, 14}, {16, 10}, {17, 6}};
    for (const First& first : firsts) {
        if (version / 10000 == first.major) return version % 10000 >= first.minor;
    }
    return version / 10000 > firsts[std::size(firsts) - 1].major;
}

std::size_t restore(const service::Site& site, const service::Service& service, int in,
             const Restoring& how) {
    if (::isatty(in) == 1) {
        throw Error{
            "No data provided on stdin.",
            "Send a dump: dokku postgres:import " + service.name + " < " + service.name + ".dump",
            Exit::refused};
    }
    const Interrupt interrupt;
    Complaints complaints;
    or_as_before([&] {
        Source source{in};
        const Head head = look_at(source.head());
        const Session session{site, service, Use::changing};
        check_readable(head, session.major());
        if (head.format == Format::plain) check_psql(session, how.trusted);
        if (!how.merge) check_ties(session, how.replace);
        need_room(service);
        std::optional<Parts> parts;
        if (!how.merge && !how.replace) parts.emplace(session);
        const int jobs = how.merge ? 1 : jobs_of(session, head.format, source, how);
        Replacement replacement{session, how.trusted ? Filler::superuser : Filler::confined,
                                how.merge ? Filled::own : Filled::fresh};
        replacement.provide(how.provision);
        Rules rules = rules_for(session, replacement, how);
        Ending ending{session};
        fill({.session = session,
              .source = source,
              .how = how,
              .head = head,
              .jobs = jobs,
              .replacement = replacement,
              .rules = rules,
              .complaints = complaints});
        ending.done();
        for (const auto& failure : rules.failures()) complaints.add(failure);
        for (const auto& line : rules.lines()) host::verbose(line);
        tell(complaints);
        Interrupt::check();
        if (parts) parts->check_database(replacement.name(), rules);
        replacement.put_in_place();
    });
    return complaints.count();
}

}  // namespace backup
