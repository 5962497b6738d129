// Import: a dump into the service's database, all of it or nothing.
#include "backup/restore.h"

#include <unistd.h>

#include <string_view>

#include "backup/archive_filling.h"
#include "backup/ending.h"
#include "backup/filling.h"
#include "backup/format.h"
#include "backup/interrupt.h"
#include "backup/replacement.h"
#include "backup/room.h"
#include "backup/script.h"
#include "error/error.h"
#include "host/log.h"
#include "pg/databases.h"
#include "service/words.h"

namespace backup {

namespace {

constexpr const char* as_before = "The database is exactly what it was.";

void fill_by_script(const Work& work) {
    work.replacement.make();
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
    auto& source = work.source;
    for (auto bytes = source.read(); !bytes.empty(); bytes = source.read()) {
        oversight();
        script.feed(bytes);
    }
    script.finish();
    oversight.handed_over();
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
    fill_by_archive(work);
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
        Replacement replacement{session, how.trusted ? Filler::superuser : Filler::confined};
        Ending ending{session};
        fill({.session = session,
              .source = source,
              .how = how,
              .format = head.format,
              .replacement = replacement});
        ending.done();
        Interrupt::check();
        replacement.put_in_place();
    });
}

}  // namespace backup
