// A database made beside the service's own, filled, and put in its place in one step.
#include "transfer/staging_database.h"

#include <unistd.h>

#include <algorithm>
#include <string_view>

#include "error/error.h"
#include "host/log.h"
#include "pg/databases.h"
#include "pg/import_role.h"
#include "service/random.h"
#include "service/record.h"
#include "service/shell_words.h"
#include "service/unfinished.h"

namespace transfer {

namespace {

// Names that nobody chooses, because whatever has such a name is removed at the next import or
// start.
constexpr std::string_view fresh = "dokku_postgres_new_";
constexpr std::string_view aside = "dokku_postgres_old_";
constexpr std::string_view role_prefix = "dokku_postgres_import_";
constexpr std::size_t digits = 16;

bool is_hexadecimal(std::string_view text) {
    return text.find_first_not_of("0123456789abcdef") == std::string_view::npos;
}

std::string new_name(std::string_view prefix) {
    return std::string(prefix) + service::random_hex(digits / 2);
}

bool has_our_name(std::string_view name, std::string_view prefix) {
    return name.size() == prefix.size() + digits && name.starts_with(prefix) &&
           is_hexadecimal(name.substr(prefix.size()));
}

// Operator intervention: the server ends, has ended or starts, or the session was ended.
bool is_lost(const pg::Failure& failure) {
    return failure.sqlstate().empty() || failure.sqlstate().starts_with("57P0");
}

// A left-over costs room, not correctness: what comes next goes on without its removal.
template <class Removal>
void try_to_remove(const std::string& what, const Removal& removal) {
    try {
        removal();
    } catch (const pg::Failure& failure) {
        if (is_lost(failure)) throw;
        host::warn(what + " could not be removed, the next import or start tries again: " +
                   failure.what());
    }
}

// A subscription holds its database, and only who is in that removes it.
void remove_subscriptions(const Session& session, pg::Connection& server, const std::string& name) {
    const auto ties = pg::ties(server, name);
    if (std::none_of(ties.begin(), ties.end(),
                     [](const pg::Tie& tie) { return tie.kind == "subscription"; }))
        return;
    pg::allow_connections(server, name, true);
    auto inside = session.to(name);
    for (const auto& gone : pg::drop_subscriptions(inside))
        host::warn("subscription '" + gone + "' is removed; a slot at its publisher stays");
}

void remove_database(const Session& session, pg::Connection& server, const std::string& name) {
    try_to_remove("database '" + name + "'", [&] {
        remove_subscriptions(session, server, name);
        pg::drop(server, name);
    });
}

void remove_role(const Session& session, pg::Connection& server, const std::string& name) {
    try_to_remove("role '" + name + "'", [&] {
        pg::close_role(server, name);  // what cannot be removed cannot be used either
        try {
            pg::drop_role(server, name);
        } catch (const pg::Failure& failure) {
            constexpr auto dependent_objects = "2BP01";
            if (failure.sqlstate() != dependent_objects) throw;
            // one that added to the service's own database
            auto inside = session.own();
            pg::take_over(inside, name, session.user());
            pg::drop_role(inside, name);
        }
    });
}

void remove_all(const Session& session, pg::Connection& server) {
    for (const std::string_view prefix : {fresh, aside}) {
        for (const std::string& database : pg::databases(server, std::string(prefix))) {
            if (is_left_over(database)) remove_database(session, server, database);
        }
    }
    // After the databases: what a role owns holds it.
    for (const std::string& role : pg::roles(server, std::string(role_prefix))) {
        if (has_our_name(role, role_prefix)) remove_role(session, server, role);
    }
}

void remove_now(const Session& session) {
    auto server = session.beside();
    remove_all(session, server);
}

}  // namespace

bool changes_data(const state::Journal& left) {
    return left.operation == "import" || left.operation == "reset";
}

state::Journal unfinished_change_of_data() {
    return {.finish =
                "The database is whole, the old one or the new one. Run it again if the new "
                "one is wanted; what else is left goes with the next import or start."};
}

bool is_left_over(const std::string& database) {
    return has_our_name(database, fresh) || has_our_name(database, aside);
}

// All of ours, this run's among it: the server of a killed run may have ended its CREATE DATABASE
// only now. One that ended under this is asked once more.
void remove_left_overs(const Session& session) {
    try {
        try {
            remove_now(session);
        } catch (const pg::Failure& failure) {
            if (!is_lost(failure)) throw;
            remove_now(session.again());
        }
    } catch (const Error& error) {
        host::warn(std::string("what is left goes with the next import or start: ") + error.what());
    }
}

void remove_left_overs(const service::Service& service) {
    const auto lock =
        state::Lock::at_once(service.environment(), state::Lock::Of::server, service.name);
    if (!lock) return;
    try {
        service::check_finished(service);  // a clone on its way fills it under another lock
        remove_left_overs(Session{service, Use::locked});
        const auto left = service::unfinished(service);
        if (left && changes_data(*left)) service::forget_unfinished(service);
    } catch (const Error& error) {
        host::debug(error.what());  // taken down meanwhile: looked for when it is started again
    }
}

std::vector<std::string> filling_settings(long memory_limit, int jobs) {
    constexpr long megabyte = 1024L * 1024;
    const long machine = ::sysconf(_SC_PHYS_PAGES) * ::sysconf(_SC_PAGESIZE);
    const long memory = memory_limit > 0 ? std::min(memory_limit, machine) : machine;
    // Several sessions build several indexes at once: more for each of them was not faster.
    const long least = jobs > 1 ? 16 * megabyte : 64 * megabyte;
    const long most = jobs > 1 ? 128 * megabyte : 1024 * megabyte;
    const long share = std::clamp(memory / 8 / jobs, least, most);
    std::vector<std::string> settings = {
        "synchronous_commit=off",
        "maintenance_work_mem=" + std::to_string(share / 1024) + "kB",
        "default_transaction_read_only=off",
        "default_transaction_deferrable=off",
        "default_transaction_isolation=read\\ committed",
        "row_security=on",
        "search_path=\"$user\",public",
        "standard_conforming_strings=on",
        "statement_timeout=0",
        "lock_timeout=0",
        "idle_in_transaction_session_timeout=0",
        "idle_session_timeout=0"};
    if (jobs > 1) settings.emplace_back("max_parallel_maintenance_workers=1");
    return settings;
}

// A session that loads is idle until the rows for it come.
std::vector<std::string> loading_settings() {
    return {"synchronous_commit=off", "row_security=off", "xmloption=content",
            "client_min_messages=error", "idle_session_timeout=0"};
}

void check_ties(const Session& session, bool slots_may_go) {
    auto server = session.beside();
    const std::string command = "'dokku postgres:connect " + session.service().name + " -c ..'";
    for (const pg::Tie& tie : pg::ties(server, session.database())) {
        const std::string what = tie.kind + " '" + host::printable(tie.name) + "'";
        if (tie.kind == "slot") {
            if (slots_may_go) continue;
            throw Error{"replication " + what + " follows the database and would end with it",
                        "Whoever reads it has to begin anew. Drop it (select "
                        "pg_drop_replication_slot(..)) with " +
                            command +
                            ", and make it again "
                            "afterwards.",
                        Exit::refused};
        }
        throw Error{what + " holds the database, which cannot be replaced while it is there",
                    (tie.kind == "subscription" ? "Drop it (drop subscription ..)"
                                                : "End it (commit prepared or rollback prepared)") +
                        std::string{" with "} + command + " first.",
                    Exit::refused};
    }
}

StagingDatabase::StagingDatabase(const Session& session, ImportRole filler, ImportTarget filled)
    : session_(session), name_(filled == ImportTarget::own ? session.database() : new_name(fresh)) {
    auto server = session.beside();
    remove_all(session, server);
    crash_epoch_ = pg::crash_epoch(server);
    if (filler == ImportRole::confined) role_ = new_role(server, new_name(role_prefix), name_);
}

void StagingDatabase::make() {
    auto server = session_.beside();
    if (!is_own()) {
        pg::create(server, name_, pg::making_of(server, session_.database()));
        pg::set_comment(server, name_, "on its way to replace '" + session_.database() + "'");
    }
    if (!role_) return;
    pg::create_import_role(server, role_->name, role_->password);
    auto inside = session_.to(name_);
    if (is_own()) {
        pg::let_merge(inside, role_->name);
    } else {
        pg::let_fill(inside, role_->name);
    }
}

void StagingDatabase::discard() {
    if (!stays_) remove_left_overs(session_);
}

void StagingDatabase::provide(const pg::Provision& wanted) const {
    if (wanted.schemas.empty() && wanted.extensions.empty()) return;
    auto inside = session_.to(name_);
    pg::provide(inside, wanted, role_ ? role_->name : "");
}

namespace {

// Limits that not every major has: an older server refuses a session that names one.
void add_newer(const Session& session, std::vector<std::string>& settings) {
    if (pg::has(session.major(), pg::Feature::transaction_timeout))
        settings.emplace_back("transaction_timeout=0");
}

}  // namespace

process::Command StagingDatabase::tool(const std::vector<std::string>& words, int jobs) const {
    auto settings = filling_settings(session_.container().memory, jobs);
    add_newer(session_, settings);
    // What others read already is on the disk when its commit is answered.
    if (is_own()) std::erase(settings, "synchronous_commit=off");
    return session_.work(
        {.words = words, .database = name_, .input = true, .settings = settings, .as = role_});
}

namespace {

// As many as the server has room for; what it refuses for another reason the program of the image
// that does the work instead is told.
std::vector<pg::Loader> log_in(const pg::Login& login, int most) {
    std::vector<pg::Loader> loaders;
    try {
        for (int i = 0; i < most; ++i) loaders.emplace_back(login);
    } catch (const pg::Failure& failure) {
        if (failure.sqlstate().empty()) throw;
        host::debug(failure.what());
    }
    return loaders;
}

}  // namespace

std::vector<pg::Loader> StagingDatabase::loaders(int most, const std::string& encoding) const {
    pg::Login login = session_.login(name_);
    login.application = session_.application();
    if (!encoding.empty()) login.encoding = encoding;
    login.settings = loading_settings();
    add_newer(session_, login.settings);
    if (!role_) return log_in(login, most);
    login.user = role_->name;
    login.password = role_->password;
    if (!login.password.empty()) return log_in(login, most);
    // Its programs come in by the socket, which asks for no password: it has one for this moment.
    auto server = session_.beside();
    login.password = new_password();
    pg::open_role(server, role_->name, login.password);
    auto loaders = log_in(login, most);
    pg::lock_role(server, role_->name);
    return loaders;
}

void StagingDatabase::tell_size(const ProgressCallback& watch) const {
    if (!watch) return;
    try {
        auto server = session_.beside();
        watch(static_cast<std::uint64_t>(pg::size(server, name_)), {});
    } catch (const pg::Failure&) {
        // what only shows how far the work has come does not end it
    }
}

void StagingDatabase::take_over() {
    if (!role_) return;
    auto inside = session_.to(name_);
    pg::take_over(inside, role_->name, session_.user());
    pg::drop_role(inside, role_->name);
}

void StagingDatabase::put_in_place() {
    if (is_own()) {
        stays_ = true;
        take_over();
        return;
    }
    const std::string old = new_name(aside);
    // The sessions that filled it did not wait for the disk. Asked by the session that does, and
    // that a crash after the answer ends.
    auto server = session_.beside();
    if (pg::crash_epoch(server) != crash_epoch_)
        throw Error{"the server crashed and came back meanwhile: rows may be missing",
                    "Look at: dokku postgres:logs " + session_.service().name};
    take_over();
    pg::copy_attributes(server, session_.database(), name_);
    session_.close_idle();
    try {
        pg::swap(server, session_.database(), name_, old);
    } catch (const pg::CommitInDoubt&) {
        stays_ = true;  // its removal would wait for that commit
        throw;
    } catch (const pg::Failure& failure) {
        // A connection that ends during a commit leaves open whether it was one.
        if (!failure.sqlstate().empty() || !is_in_place()) throw;
    }
    stays_ = true;
    remove_left_overs(session_);
}

bool StagingDatabase::is_in_place() const {
    try {
        auto server = session_.beside();
        return !pg::exists(server, name_);
    } catch (const Error& error) {
        throw pg::CommitInDoubt{
            std::string("the server was lost while the new database took its place: ") +
            error.what()};
    }
}

}  // namespace transfer
