// A role that fills one database and can do nothing beside it.
#pragma once

#include <string>
#include <utility>
#include <vector>

#include "pg/connection.h"

namespace pg {

/// What a dump calls instead of CREATE EXTENSION, for what its role may not make itself: two texts,
/// the extension and its schema.
inline constexpr const char* extend_function = "dokku_postgres_import.extend";

/// Makes a role that may log in and has no right of its own, and whom no policy of what it owns
/// keeps from rows: without that it could not fill a view over a table that forces them on its
/// owner. An empty password lets it in only where none is asked for.
void create_import_role(Connection& server, const std::string& role, const std::string& password);

/// Lets the role make what belongs into the database that we are logged in to: schemas, what is in
/// `public`, and extensions of the server's own, as long as nothing of the role's is there that one
/// could trip over. Not more: the database stays somebody else's.
void let_fill(Connection& inside, const std::string& role);

/// Lets the role add to a database with contents: make objects in every schema, and add rows to
/// every table. It reads, changes and removes nothing that was there. One that a killed import left
/// is replaced.
void let_merge(Connection& inside, const std::string& role);

/// What is to be there before a dump is taken in.
struct Provision {
    std::vector<std::string> schemas = {};
    std::vector<std::pair<std::string, std::string>> extensions = {};  // name and schema
};
/// Makes what is not there: as that role, or as who is logged in where it is empty.
void provide(Connection& inside, const Provision& wanted, const std::string& role);
/// Lets a role in with a password from now on, whatever it had before.
void open_role(Connection& server, const std::string& role, const std::string& password);
/// Lets nobody else in: no password works, not one that the role gives itself either.
void lock_role(Connection& server, const std::string& role);

/// Ends the role's sessions and gives all that it made in the database that we are logged in to to
/// another role, some hundred relations in a transaction: each of them takes locks of the server's.
/// Afterwards the role has no object and no right there.
void take_over(Connection& inside, const std::string& role, const std::string& owner);

/// Takes the login of a role, if there is one.
void close_role(Connection& server, const std::string& role);
/// Removes a role that has nothing, if there is one.
void drop_role(Connection& server, const std::string& role);

/// Every role whose name begins with exactly these bytes.
std::vector<std::string> roles(Connection& server, const std::string& prefix);

}  // namespace pg
