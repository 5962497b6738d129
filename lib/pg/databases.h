// The databases of one server: every statement that import, clone, reset and info need, by name.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "pg/connection.h"

namespace pg {

/// How a database was made: what a twin of it needs to be the same.
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
/// How a database was made; throws Error when there is none of that name.
DatabaseOptions making_of(Connection& server, const std::string& database);
/// Makes an empty database from template0, which no changed collation version of the system can
/// stop.
void create(Connection& server, const std::string& database, const DatabaseOptions& making);
/// Removes a database and ends the sessions in it; nothing happens when there is none. Not for the
/// one that we are logged in to.
void drop(Connection& server, const std::string& database);
/// Gives a database another name; fails while somebody is logged in to it.
void rename(Connection& server, const std::string& from, const std::string& to);
/// Ends every session in a database but our own; returns how many there were.
int terminate_sessions(Connection& server, const std::string& database);
/// Tells every session of that application_name but our own to end; returns how many there were.
int terminate_application(Connection& server, const std::string& application);
/// Whether a session of that application_name runs a COPY that begins so, and waits for its rows.
bool waits_for_rows(Connection& server, const std::string& application,
                    const std::string& beginning);
/// Whether anybody, superusers among them, may log in to a database; who is in stays in.
void allow_connections(Connection& server, const std::string& database, bool allowed);

/// Nobody knows whether a swap was committed; its hint says what to do.
struct CommitInDoubt : Error {
    explicit CommitInDoubt(const std::string& reason);
};
/// In one transaction: `current` becomes `aside`, `next` becomes `current`, and may be logged in
/// to. Ends the sessions in both first and keeps new ones out meanwhile; either all of it happens
/// or nothing. For a server that we are logged in to by a third database. `aside` stays closed to
/// logins. Throws Undecided when a second signal ends the wait for its commit.
void swap(Connection& server, const std::string& current, const std::string& next,
          const std::string& aside);

/// What is another text after every loss of what was committed without waiting for the disk: a
/// crash of the server or of one of its processes.
std::string crash_epoch(Connection& server);

/// What of the server is bound to one database, and lets nobody remove it, or goes with it.
struct Tie {
    std::string kind = {};  // subscription, slot, prepared transaction
    std::string name = {};
};
/// What is bound to a database, in the order of kinds and names.
std::vector<Tie> ties(Connection& server, const std::string& database);
/// Removes the subscriptions of the database that we are logged in to, without their slots at the
/// publishers; returns their names.
std::vector<std::string> drop_subscriptions(Connection& inside);

/// The comment of a database, nothing when it has none.
std::optional<std::string> comment(Connection& server, const std::string& database);
/// Sets the comment of a database; nothing removes it.
void set_comment(Connection& server, const std::string& database,
                 const std::optional<std::string>& text);
/// The bytes that a database takes on disk.
std::int64_t size(Connection& server, const std::string& database);
/// How many sessions are in a database, ours not among them.
int connections(Connection& server, const std::string& database);
/// Every database whose name begins with exactly these bytes, in C order; without any, templates
/// are left out.
std::vector<std::string> databases(Connection& server, const std::string& prefix = {});

/// Gives `to` what belongs to `from` beside its contents: the settings (ALTER DATABASE and ALTER
/// ROLE IN DATABASE .. SET), grants, owner, comment, connection limit, whether it is a template.
void copy_attributes(Connection& server, const std::string& from, const std::string& to);

/// Gives a role another password. The server and its log see the SCRAM verifier only.
void set_password(Connection& server, const std::string& role, const std::string& password);
/// What stands in the server's data directory under names that begin with exactly these bytes.
std::vector<std::string> data_files(Connection& server, const std::string& prefix);
/// A setting of the server as it is in force (`server_version`, `data_directory`), empty when there
/// is none of that name.
std::string setting(Connection& server, const std::string& name);

}  // namespace pg
