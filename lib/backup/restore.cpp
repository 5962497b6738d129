// Import: a dump into the service's database, all of it or nothing.
#include "backup/restore.h"

#include <unistd.h>

#include <algorithm>
#include <array>
#include <memory>
#include <string_view>

#include "backup/format.h"
#include "backup/interrupt.h"
#include "backup/replacement.h"
#include "backup/room.h"
#include "backup/script.h"
#include "backup/tar.h"
#include "error/error.h"
#include "host/log.h"
#include "service/words.h"

namespace backup {

namespace {

constexpr const char* as_before = "The database is exactly what it was.";

[[noreturn]] void fail(const process::Result& result) {
    Interrupt::check();
    const std::string reason = reason_of(result.err);
    std::string hint = as_before;
    if (reason.find("role \"") != std::string::npos) {
        hint =
            "Make the dump with --no-owner and --no-acl, import an archive with --no-acl, or "
            "create the role first.\n" +
            hint;
    }
    throw Error{"the dump cannot be imported: " + reason, hint};
}

// The program that takes the dump in, with the guard of the disk beside it.
class Filling {
public:
    Filling(const Session& session, const process::Command& command)
        : session_(session), feed_(command) {
        feed_.watch([this] { guard(); });
    }

    /// A program that ended well reads no more; the rest of the dump is only looked at.
    void give(std::string_view bytes) {
        if (done_) return;
        if (feed_.write(bytes)) return;
        finish();
    }
    void guard() const {
        Interrupt::check();
        need_room(session_.service());
    }
    void finish() {
        if (done_) return;
        done_ = true;
        const process::Result result = feed_.finish();
        if (!result.ok()) fail(result);
    }

private:
    const Session& session_;
    process::Feed feed_;
    bool done_ = false;
};

template <class Each>
void pump(Source& source, const Filling& filling, const Each& each) {
    for (auto bytes = source.read(); !bytes.empty(); bytes = source.read()) {
        filling.guard();
        each(bytes);
    }
}

void fill_by_archive(const Session& session, Format format, Source& source,
                     const std::string& database, bool grants) {
    const bool is_tar = format == Format::tar;
    Tar tar;
    Filling filling{session, session.tool(archive_words(is_tar, database, grants), database, true,
                                          filling_settings(session.container().memory))};
    pump(source, filling, [&](std::string_view bytes) {
        if (is_tar) tar.feed(bytes);
        filling.give(bytes);
    });
    if (is_tar) tar.finish();
    filling.finish();
}

void fill_by_script(const Session& session, Source& source, const std::string& database) {
    Filling filling{session,
                    session.tool({"psql", "--no-psqlrc", "--quiet", "--no-password",
                                  "--set=ON_ERROR_STOP=1", "--output=/dev/null"},
                                 database, true, filling_settings(session.container().memory))};
    // What our own check might miss psql refuses by itself, where it can.
    constexpr std::size_t token_bytes = 24;
    if (knows_restrict(session.version()))
        filling.give("\\restrict " + service::random_hex(token_bytes) + "\n");
    Script script{[&](std::string_view bytes) { filling.give(bytes); }};
    pump(source, filling, [&](std::string_view bytes) { script.feed(bytes); });
    script.finish();
    filling.finish();
}

// The error that is thrown last is the one that is shown: it too has to say what became of the
// database.
template <class Work>
void or_as_before(const Work& work) {
    try {
        work();
    } catch (const Error& error) {
        if (error.hint().find("The database is ") != std::string::npos) throw;
        const std::string hint = error.hint().empty() ? as_before : error.hint() + "\n" + as_before;
        throw Error{error.what(), hint, error.code(), error.where()};
    }
}

}  // namespace

std::vector<std::string> archive_words(bool tar, const std::string& database, bool grants) {
    std::vector<std::string> words = {"pg_restore", tar ? "--format=tar" : "--format=custom",
                                      "--exit-on-error", "--no-owner", "--no-password"};
    if (!grants) words.emplace_back("--no-acl");
    words.push_back("--dbname=" + database);
    return words;
}

std::vector<std::string> filling_settings(long memory_limit) {
    constexpr long least = 64L * 1024 * 1024;
    constexpr long most = 1024L * 1024 * 1024;
    const long machine = ::sysconf(_SC_PHYS_PAGES) * ::sysconf(_SC_PAGESIZE);
    const long memory = memory_limit > 0 ? std::min(memory_limit, machine) : machine;
    const long share = std::clamp(memory / 8, least, most);
    return {"synchronous_commit=off",
            "maintenance_work_mem=" + std::to_string(share / 1024) + "kB",
            "default_transaction_read_only=off",
            "statement_timeout=0",
            "lock_timeout=0",
            "idle_in_transaction_session_timeout=0",
            "idle_session_timeout=0"};
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
    Source source{in};
    const Head head = look_at(source.head());
    const Session session{site, service, Use::changing};
    check_readable(head, session.major());
    need_room(service);
    or_as_before([&] {
        Replacement replacement{session};
        if (head.format == Format::plain) {
            fill_by_script(session, source, replacement.name());
        } else {
            fill_by_archive(session, head.format, source, replacement.name(), how.grants);
        }
        Interrupt::check();
        replacement.put_in_place();
    });
}

}  // namespace backup
