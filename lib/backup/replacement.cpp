// A database made beside the service's own, filled, and put in its place in one step.
#include "backup/replacement.h"

#include <algorithm>
#include <string_view>

#include "error/error.h"
#include "host/log.h"
#include "pg/databases.h"
#include "service/words.h"

namespace backup {

namespace {

// Names that nobody chooses, because any database of such a name is removed at the next import.
constexpr std::string_view fresh = "dokku_postgres_new_";
constexpr std::string_view aside = "dokku_postgres_old_";
constexpr std::string_view prefixes[] = {fresh, aside};
constexpr std::size_t digits = 16;

bool is_hexadecimal(std::string_view text) {
    return text.find_first_not_of("0123456789abcdef") == std::string_view::npos;
}

std::string new_name(std::string_view prefix) {
    return std::string(prefix) + service::random_hex(digits / 2);
}

// A left-over costs room, not correctness: what comes next goes on without its removal.
void remove(pg::Connection& server, const std::string& database) {
    try {
        pg::drop(server, database);
    } catch (const Error& error) {
        host::warn("database '" + database +
                   "' could not be removed, the next import tries again: " + error.what());
    }
}

void remove(const Session& session, const std::string& database) {
    try {
        auto server = session.beside();
        remove(server, database);
    } catch (const Error& error) {
        host::warn("database '" + database +
                   "' is left behind, the next import removes it: " + error.what());
    }
}

void remove_left_overs(pg::Connection& server) {
    for (const std::string_view prefix : prefixes) {
        for (const std::string& database : pg::databases(server, std::string(prefix))) {
            if (is_left_over(database)) remove(server, database);
        }
    }
}

}  // namespace

bool is_left_over(const std::string& database) {
    const std::string_view name = database;
    return std::any_of(std::begin(prefixes), std::end(prefixes), [&](std::string_view prefix) {
        return name.size() == prefix.size() + digits && name.starts_with(prefix) &&
               is_hexadecimal(name.substr(prefix.size()));
    });
}

Replacement::Replacement(const Session& session) : session_(session), name_(new_name(fresh)) {
    auto server = session.beside();
    remove_left_overs(server);
    const pg::Making making = pg::making_of(server, session.database());
    try {
        pg::create(server, name_, making);
        pg::set_comment(server, name_, "on its way to replace '" + session.database() + "'");
    } catch (...) {
        remove(server, name_);
        throw;
    }
}

Replacement::~Replacement() {
    if (!in_place_) remove(session_, name_);
}

void Replacement::tell_size(const Watch& watch) const {
    if (!watch) return;
    try {
        auto server = session_.beside();
        watch(static_cast<std::uint64_t>(pg::size(server, name_)), {});
    } catch (const pg::Failure&) {
        // what only shows how far the work has come does not end it
    }
}

void Replacement::put_in_place() {
    const std::string old = new_name(aside);
    auto server = session_.beside();
    pg::copy_attributes(server, session_.database(), name_);
    try {
        pg::swap(server, session_.database(), name_, old);
    } catch (const pg::Failure& failure) {
        // A connection that ends during a commit leaves open whether it was one.
        if (!failure.sqlstate().empty() || !is_in_place()) throw;
    }
    in_place_ = true;
    remove(session_, old);
}

bool Replacement::is_in_place() const {
    try {
        auto server = session_.beside();
        return !pg::exists(server, name_);
    } catch (const Error& error) {
        throw Error{std::string("the server was lost while the new database took its place: ") +
                        error.what(),
                    "The database is either the new one or exactly the old one. Look which, and "
                    "run the command again if it is the old one."};
    }
}

}  // namespace backup
