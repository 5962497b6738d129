// Import: a dump into the service's database, all of it or nothing.
#include "backup/restore.h"

#include <unistd.h>

#include <optional>
#include <string_view>

#include "backup/archive_filling.h"
#include "backup/ending.h"
#include "backup/filling.h"
#include "backup/interrupt.h"
#include "backup/merging.h"
#include "backup/parts.h"
#include "backup/plain.h"
#include "error/error.h"
#include "host/log.h"
#include "pg/databases.h"
#include "pg/inventory.h"

namespace backup {

namespace {

constexpr const char* as_before = "The database is exactly what it was.";

void fill(const Work& work) {
    if (work.head.format == Format::plain) return fill_by_script(work);
    if (work.how.merge) return merge_archive(work);
    fill_by_archive(work);
}

// The schemas are those of the database that will be made, or is added to.
Rules rules_for(const Session& session, const Replacement& replacement, const Restoring& how) {
    auto inside = session.own();
    pg::Inventory server = pg::inventory_of(inside);
    if (!how.merge) server.schemas = {"information_schema", "pg_catalog", "public"};
    server.schemas.insert(how.provision.schemas.begin(), how.provision.schemas.end());
    for (const auto& extension : how.provision.extensions) server.schemas.insert(extension.second);
    return {std::move(server),
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
        Replacement replacement{session, how.trusted ? Filler::superuser : Filler::confined,
                                how.merge ? Filled::own : Filled::fresh};
        Rules rules = rules_for(session, replacement, how);
        Ending ending{session};
        fill({.session = session,
              .source = source,
              .how = how,
              .head = head,
              .replacement = replacement,
              .rules = rules,
              .complaints = complaints,
              .parts = parts ? &*parts : nullptr});
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
