// What a server and a database have that a dump may need.
#pragma once

#include <set>
#include <string>

#include "pg/connection.h"

namespace pg {

using Names = std::set<std::string, std::less<>>;

/// Objects that a dump may name and that may be missing.
struct Inventory {
    int major = 17;
    std::string user = "postgres";  // the user of the connection
    Names roles = {};
    Names parameters = {};  // that SET accepts, in lower case
    Names extensions = {};  // installed or available
    Names schemas = {};     // of the database
};

/// The inventory of the server and our database. Throws Failure.
Inventory inventory_of(Connection& inside);

}  // namespace pg
