// The databases of a server: the statements for import, clone, reset and info.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "pg/connection.h"

namespace pg {

/// The options of CREATE DATABASE for a database like another one.
struct DatabaseOptions {
    std::string owner = {};
    std::string encoding = {};    // UTF8
    std::string provider = {};    // c: the C library, i: ICU, b: built in (PostgreSQL 17 and later)
    std::string collation = {};   // datcollate
    std::string ctype = {};       // datctype
    std::string locale = {};      // of ICU and the built-in provider; empty: none
    std::string icu_rules = {};   // PostgreSQL 16 and later; empty: none
    std::string tablespace = {};  // empty: the server's default
};

/// Whether there is a database of exactly that name.
bool exists(Connection& server, const std::string& database);
/// The options of an existing database; throws Failure if it does not exist.
DatabaseOptions making_of(Connection& server, const std::string& database);
/// Creates an empty database from template0, which works even if the system's collation version has
/// changed. Throws Failure.
void create(Connection& server, const std::string& database, const DatabaseOptions& making);
/// Drops a database and ends the sessions in it. Nothing happens if it does not exist. Not for the
/// database that we are logged in to. Throws Failure.
void drop(Connection& server, const std::string& database);
/// Renames a database. Throws Failure if a session is in it.
void rename(Connection& server, const std::string& from, const std::string& to);
/// Ends all sessions in a database except ours and waits until they have ended; returns how many
/// there were. Throws Failure.
int terminate_sessions(Connection& server, const std::string& database);
/// Tells all sessions with this application_name except ours to end, without waiting; returns how
/// many there were.
int terminate_application(Connection& server, const std::string& application);
/// Whether a session with this application_name runs a COPY that begins like this and waits for
/// rows.
bool waits_for_rows(Connection& server, const std::string& application,
                    const std::string& beginning);
/// Allows or forbids logins to a database, for superusers too. Existing sessions stay.
void allow_connections(Connection& server, const std::string& database, bool allowed);

/// It is not known whether a swap was committed. The hint says what to do.
struct CommitInDoubt : Error {
    explicit CommitInDoubt(const std::string& reason);
};
/// In one transaction renames `current` to `aside` and `next` to `current`, and allows logins to
/// it. Ends the sessions in both before, and keeps new ones out meanwhile. We must be logged in to
/// a third database. `aside` stays closed to logins. Throws Failure, and CommitInDoubt if a second
/// signal ends the wait for the COMMIT.
void swap(Connection& server, const std::string& current, const std::string& next,
          const std::string& aside);

/// A text that changes after each crash that may have lost asynchronous commits: a crash of the
/// server or of one of its processes.
std::string crash_epoch(Connection& server);

/// Something of the server that belongs to one database and prevents dropping it, or is lost with
/// it.
struct Tie {
    std::string kind = {};  // subscription, slot, prepared transaction
    std::string name = {};
};
/// The ties of a database, ordered by kind and name.
std::vector<Tie> ties(Connection& server, const std::string& database);
/// Drops the subscriptions of our database and keeps their slots at the publishers; returns their
/// names.
std::vector<std::string> drop_subscriptions(Connection& inside);

/// The comment of a database, nothing if it has none.
std::optional<std::string> comment(Connection& server, const std::string& database);
/// Sets the comment of a database; removes it if `text` is nothing.
void set_comment(Connection& server, const std::string& database,
                 const std::optional<std::string>& text);
/// The size of a database on disk in bytes.
std::int64_t size(Connection& server, const std::string& database);
/// The number of sessions in a database, without ours.
int connections(Connection& server, const std::string& database);
/// The databases whose names begin with exactly these bytes, in C order. With an empty prefix, all
/// except templates.
std::vector<std::string> databases(Connection& server, const std::string& prefix = {});

/// Copies the attributes of a database: settings (ALTER DATABASE .. SET, ALTER ROLE .. IN DATABASE
/// .. SET), grants, owner, comment, connection limit, template flag. Throws Failure.
void copy_attributes(Connection& server, const std::string& from, const std::string& to);

/// Changes the password of a role. The server and its log see only the SCRAM verifier.
void set_password(Connection& server, const std::string& role, const std::string& password);
/// The names in the server's data directory that begin with exactly these bytes.
std::vector<std::string> data_files(Connection& server, const std::string& prefix);
/// The current value of a server setting (`server_version`, `data_directory`), empty if there is
/// none of that name.
std::string setting(Connection& server, const std::string& name);

}  // namespace pg
