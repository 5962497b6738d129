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
#include "backup/format.h"
#include "backup/interrupt.h"
#include "backup/replacement.h"
#include "backup/room.h"
#include "backup/script.h"
#include "backup/spool.h"
#include "error/error.h"
#include "host/log.h"
#include "pg/databases.h"
#include "service/words.h"

namespace backup {

namespace {

constexpr const char* as_before = "The database is exactly what it was.";

// What the server says to whoever has no right to something; there is no code to go by.
bool lacks_right(const std::string& reason) {
    constexpr std::array<std::string_view, 6> marks = {"permission denied", "must be superuser",
                                                       "must be owner",     "must be able to",
                                                       "must be member",    "Only roles with"};
    return std::any_of(marks.begin(), marks.end(), [&](std::string_view mark) {
        return reason.find(mark) != std::string::npos;
    });
}

[[noreturn]] void fail(const process::Result& result, bool is_confined) {
    Interrupt::check();
    const std::string reason = reason_of(result.err);
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
    throw Error{"the dump cannot be imported: " + reason, hint};
}

// A restore of one service, as far as it is known before the first byte goes into it.
struct Work {
    const Session& session;
    Source& source;
    const Restoring& how;
    Format format;
    int archive_version;  // 0: it is none
    int jobs;             // sessions that fill the database; 1: the dump streams into it
    const Replacement& replacement;
};

// What is looked at all the time, whoever waits for whom.
class Oversight {
public:
    explicit Oversight(const Work& work) : work_(work) {}

    void operator()() const {
        Interrupt::check();
        need_room(work_.session.service());
        if (!is_time_to_tell_()) return;
        if (handed_over_) {
            work_.replacement.tell_size(work_.how.filled);
        } else if (work_.how.taken) {
            work_.how.taken(work_.source.taken(), work_.source.all());
        }
    }
    /// From here on the database grows without us.
    void handed_over() {
        if (work_.how.taken) work_.how.taken(work_.source.taken(), work_.source.all());
        handed_over_ = true;
    }

private:
    const Work& work_;
    bool handed_over_ = false;
    mutable EverySecond is_time_to_tell_;
};

// The program that takes the dump in.
class Filling {
public:
    Filling(const Work& work, const process::Command& command, Oversight& oversight)
        : work_(work), feed_(command), oversight_(oversight) {
        feed_.watch([this] { oversight_(); }, look_at_room);
    }

    /// A program that ended well reads no more; the rest of the dump is only looked at.
    void give(std::string_view bytes) {
        if (done_) return;
        if (feed_.write(bytes)) return;
        finish();
    }
    void finish() {
        if (done_) return;
        done_ = true;
        oversight_.handed_over();
        const process::Result result = work_.session.outcome(feed_.finish());
        if (!result.ok()) fail(result, work_.replacement.is_confined());
    }

private:
    const Work& work_;
    process::Feed feed_;
    Oversight& oversight_;
    bool done_ = false;
};

template <class Each>
void pump(Source& source, const Oversight& oversight, const Each& each) {
    for (auto bytes = source.read(); !bytes.empty(); bytes = source.read()) {
        oversight();
        each(bytes);
    }
}

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
    if (work.format == Format::tar) {
        pass_as_custom(
            bytes,
            [&](Entry& entry) {
                if (is_confined) confine(entry);
            },
            sink);
        pulling.rest([](std::string_view) {});  // padding, and the end of what wraps it
        return;
    }
    if (is_confined && ArchiveReader::reads(work.archive_version)) pass_contents(bytes, sink);
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

void fill_by_script(const Work& work) {
    Oversight oversight{work};
    Filling filling{work,
                    work.replacement.tool({"psql", "--no-psqlrc", "--quiet", "--no-password",
                                           "--set=ON_ERROR_STOP=1", "--output=/dev/null"}),
                    oversight};
    // What our own check might miss psql refuses by itself, where it can.
    constexpr std::size_t token_bytes = 24;
    if (knows_restrict(work.session.version()))
        filling.give("\\restrict " + service::random_hex(token_bytes) + "\n");
    Script script{
        [&](std::string_view bytes) { filling.give(bytes); },
        work.replacement.is_confined() ? Script::Extensions::called : Script::Extensions::kept};
    pump(work.source, oversight, [&](std::string_view bytes) { script.feed(bytes); });
    script.finish();
    filling.finish();
}

// Our own check reads a script as psql does, but only psql itself knows that it does.
void check_script(const Session& session, Format format, bool trusted) {
    if (format != Format::plain || trusted || knows_restrict(session.version())) return;
    throw Error{"psql of this service's image has no mode in which a dump cannot give it commands",
                "Send a dump in the custom format, bring a newer minor version with 'dokku "
                "postgres:upgrade " +
                    session.service().name +
                    "', or say --trusted if you trust whoever made the dump.",
                Exit::refused};
}

void fill(const Work& work) {
    if (work.format == Format::plain) return fill_by_script(work);
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

void restore(const service::Site& site, const service::Service& service, int in,
             const Restoring& how) {
    if (::isatty(in) == 1) {
        throw Error{
            "No data provided on stdin.",
            "Send a dump: dokku postgres:import " + service.name + " < " + service.name + ".dump",
            Exit::refused};
    }
    const Interrupt interrupt;
    or_as_before([&] {
        Source source{in};
        const Head head = look_at(source.head());
        const Session session{site, service, Use::changing};
        check_readable(head, session.major());
        check_script(session, head.format, how.trusted);
        need_room(service);
        const int jobs = jobs_of(session, head.format, source, how);
        Replacement replacement{session, how.trusted ? Filler::superuser : Filler::confined};
        Ending ending{session};
        fill({.session = session,
              .source = source,
              .how = how,
              .format = head.format,
              .archive_version = head.archive ? head.archive->version : 0,
              .jobs = jobs,
              .replacement = replacement});
        ending.done();
        Interrupt::check();
        replacement.put_in_place();
    });
}

}  // namespace backup
