// The role of an import: it fills one database and has no other rights.
#pragma once

#include <string>
#include <utility>
#include <vector>

#include "pg/connection.h"

namespace pg {

/// The function that a dump calls instead of CREATE EXTENSION, which its role may not run. Its
/// arguments are two texts: extension and schema.
inline constexpr const char* extend_function = "dokku_postgres_import.extend";

/// Creates a role that may log in and has no rights. It has BYPASSRLS: otherwise it could not fill
/// a materialized view over a table with FORCE ROW LEVEL SECURITY. With an empty password it can
/// log in only where no password is required. Throws Failure.
void create_import_role(Connection& server, const std::string& role, const std::string& password);

/// Lets the role create in our database: schemas, objects in `public`, and the server's extensions
/// as long as the role has no object that an extension's script could use. The database keeps its
/// owner. Throws Failure.
void let_fill(Connection& inside, const std::string& role);

/// Lets the role add to a database with contents: create objects in every schema and add rows to
/// every table. It cannot read, change or delete what was there. Replaces what a killed import
/// left. Throws Failure.
void let_merge(Connection& inside, const std::string& role);

/// What is created before a dump is imported.
struct Provision {
    std::vector<std::string> schemas = {};
    std::vector<std::pair<std::string, std::string>> extensions = {};  // name and schema
};
/// Creates what is missing, as this role; if `role` is empty, as the user of the connection. Throws
/// Failure.
void provide(Connection& inside, const Provision& wanted, const std::string& role);
/// Sets a role's password and lets it log in.
void open_role(Connection& server, const std::string& role, const std::string& password);
/// Expires a role's password, so that one it sets for itself does not work either.
void lock_role(Connection& server, const std::string& role);

/// Ends the role's sessions and gives everything it owns in our database to another role, some
/// hundred relations per transaction because each takes locks of the server. Afterwards the role
/// has no object and no right in the database. Throws Failure.
void take_over(Connection& inside, const std::string& role, const std::string& owner);

/// Forbids a role to log in, if it exists.
void close_role(Connection& server, const std::string& role);
/// Drops a role that owns nothing, if it exists.
void drop_role(Connection& server, const std::string& role);

/// The roles whose names begin with exactly these bytes.
std::vector<std::string> roles(Connection& server, const std::string& prefix);

}  // namespace pg
