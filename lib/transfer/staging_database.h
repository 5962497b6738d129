// A database made beside the service's own, filled, and put in its place in one step.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "pg/import_role.h"
#include "pg/loader.h"
#include "state/journal.h"
#include "transfer/progress.h"
#include "transfer/session.h"

namespace transfer {

/// Who fills a replacement: the service's user, a superuser, or a role that can do nothing beside
/// it.
enum class ImportRole { superuser, confined };
/// What is filled: a new database, or the service's own, whose contents stay.
enum class ImportTarget { fresh, own };

/// A twin of the service's database, made and put in place by the steps of an operation. One that a
/// killed command left behind goes with the next, or when the service starts.
class StagingDatabase {
public:
    /// Removes what earlier runs left behind, and names what will be made. The session holds the
    /// server's lock, or its caller that of a service which it makes.
    explicit StagingDatabase(const Session& session, ImportRole filler = ImportRole::superuser,
                             ImportTarget filled = ImportTarget::fresh);
    StagingDatabase(const StagingDatabase&) = delete;
    StagingDatabase& operator=(const StagingDatabase&) = delete;

    /// Makes the database, empty, and the role that fills it.
    void make();
    const std::string& name() const { return name_; }
    const Session& session() const { return session_; }
    bool is_confined() const { return role_.has_value(); }
    /// Makes schemas and extensions in it, as whoever fills it.
    void provide(const pg::Provision& wanted) const;
    /// The command that fills it: a program of the service's image that reads standard input, as
    /// whoever is to do that; `jobs` is how many sessions it has. It may be started before there is
    /// a database that it can log in to.
    process::Command tool(const std::vector<std::string>& words, int jobs = 1) const;
    /// Sessions that load rows into it, at most so many and as many as the server lets in, none
    /// where it lets no such role in from here. The encoding is that of the rows. Not while a
    /// program of the dump's is at work in it.
    std::vector<pg::Loader> loaders(int most, const std::string& encoding) const;
    /// Tells how large it has become, where anybody wants to know.
    void tell_size(const ProgressCallback& watch) const;
    /// Gives all in it to the service's user, gives it the settings and grants of the old database
    /// and its name, and removes the old one. Until that moment the old one is as it was,
    /// afterwards the new one is whole.
    /// What was added to the service's own database is given to the service's user.
    void put_in_place();
    /// Removes it with the role that filled it, unless it is in place or may be.
    void discard();

private:
    bool is_in_place() const;
    void take_over();
    bool is_own() const { return name_ == session_.database(); }

    const Session& session_;
    std::string name_;
    std::string crash_epoch_;  // of the server that it was begun on
    std::optional<Role> role_;
    bool stays_ = false;  // it is in place, or may be
};

/// Whether an unfinished operation replaces the database: import, reset.
bool changes_data(const state::Journal& left);
/// What `info` says of one.
state::Journal unfinished_change_of_data();
/// Whether a database is one that we make for a replacement or put aside for one.
bool is_left_over(const std::string& database);

/// Removes what killed commands left in a server; its caller holds that one's lock. What cannot be
/// done is a warning.
void remove_left_overs(const Session& session);
/// The same for a service that is up, unless somebody is at work on it; an import or a reset that
/// was cut short has ended then.
void remove_left_overs(const service::Service& service);

/// Throws Error (exit 4) for what would not survive the service's database and cannot be taken over
/// to the next: a subscription, a prepared transaction, a slot unless `slots_may_go`.
void check_ties(const Session& session, bool slots_may_go = false);

/// Settings for the sessions that fill a database which nobody reads yet; none of them reaches
/// another session. `jobs` is how many there are at once.
std::vector<std::string> filling_settings(long memory_limit, int jobs = 1);
/// Those for sessions that load rows, beside what every session of ours has.
std::vector<std::string> loading_settings();

}  // namespace transfer
