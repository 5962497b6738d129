// Import: a dump into the service's database, all of it or nothing.
#include "transfer/import.h"

#include <unistd.h>

#include <optional>
#include <string_view>

#include "error/error.h"
#include "host/log.h"
#include "pg/databases.h"
#include "pg/inventory.h"
#include "process/cancellation.h"
#include "server/operation.h"
#include "transfer/archive_import.h"
#include "transfer/import_job.h"
#include "transfer/merge_import.h"
#include "transfer/partial_dump.h"
#include "transfer/plain_import.h"
#include "transfer/session_terminator.h"

namespace transfer {

namespace {

constexpr const char* as_before = "The database is exactly what it was.";

void fill(const ImportJob& work) {
    if (work.head.format == dump::Format::plain) return fill_by_script(work);
    if (work.how.merge) return merge_archive(work);
    fill_by_archive(work);
}

// The schemas are those of the database that will be made, or is added to.
StatementRules rules_for(const Session& session, const StagingDatabase& staging,
                         const ImportOptions& how) {
    auto inside = session.own();
    pg::Inventory server = pg::inventory_of(inside);
    if (!how.merge) server.schemas = {"information_schema", "pg_catalog", "public"};
    server.schemas.insert(how.provision.schemas.begin(), how.provision.schemas.end());
    for (const auto& extension : how.provision.extensions) server.schemas.insert(extension.second);
    return {std::move(server),
            {.confined = staging.is_confined(),
             .grants = how.grants,
             .merging = how.merge,
             .lenient = how.lenient}};
}

// What failed and did not end the import.
void tell(const ToolErrors& complaints) {
    for (const ToolError& one : complaints.first()) {
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
    } catch (const pg::CommitInDoubt&) {
        throw;
    } catch (const Error& error) {
        const std::string hint = error.hint().empty() ? as_before : error.hint() + "\n" + as_before;
        throw Error{error.what(), hint, error.code(), error.where()};
    }
}

// A dump on its way into the service.
struct Import {
    const ImportJob& work;
    std::optional<PartialDumpCheck>& parts;

    /// Everything but the change of the databases.
    void take_in() const {
        SessionTerminator ending{work.session};
        fill(work);
        ending.done();
        for (const auto& failure : work.rules.failures()) work.complaints.add(failure);
        for (const auto& line : work.rules.lines()) host::verbose(line);
        tell(work.complaints);
        process::check_cancelled();
        if (parts) parts->check_database(work.staging.name(), work.rules);
    }

    std::vector<server::Step> steps() const {
        return {{"fill", [this] { take_in(); }, [this] { work.staging.discard(); }},
                {"replace", [this] { work.staging.put_in_place(); }}};
    }
};

void run_import(const Import& import) {
    const auto& work = import.work;
    server::run(work.session.service(), {.name = "import",
                                         .locks = server::Locks::held,
                                         .plan =
                                             [&](auto& journal, const auto&) {
                                                 journal.memory["database"] = work.staging.name();
                                                 return import.steps();
                                             },
                                         .takes_over = changes_data,
                                         .unfinished = unfinished_change_of_data()});
}

void check_input(const service::Service& service, int in) {
    if (::isatty(in) != 1) return;
    throw Error{
        "No data provided on stdin.",
        "Send a dump: dokku postgres:import " + service.name + " < " + service.name + ".dump",
        Exit::refused};
}

}  // namespace

std::size_t import_dump(const service::Service& service, int in, const ImportOptions& how) {
    check_input(service, in);
    const process::Cancellation interrupt;
    ToolErrors complaints;
    or_as_before([&] {
        dump::DumpReader source{in};
        const dump::Head head = dump::look_at(source.head());
        const Session session{service, Use::changing};
        dump::check_readable(head, session.major());
        if (head.format == dump::Format::plain) check_psql(session, how.trusted);
        if (!how.merge) check_ties(session, how.replace);
        require_disk_space(service);
        std::optional<PartialDumpCheck> parts;
        if (!how.merge && !how.replace) parts.emplace(session);
        StagingDatabase staging{session, how.trusted ? ImportRole::superuser : ImportRole::confined,
                                how.merge ? ImportTarget::own : ImportTarget::fresh};
        StatementRules rules = rules_for(session, staging, how);
        run_import({.work = {.session = session,
                             .source = source,
                             .how = how,
                             .head = head,
                             .staging = staging,
                             .rules = rules,
                             .complaints = complaints,
                             .parts = parts ? &*parts : nullptr},
                    .parts = parts});
    });
    return complaints.count();
}

}  // namespace transfer
