// What a server and a database have that a dump may ask for.
#pragma once

#include <set>
#include <string>

#include "pg/connection.h"

namespace pg {

using Names = std::set<std::string, std::less<>>;

/// What a dump may ask for and need not find.
struct Inventory {
    int major = 17;
    std::string user = "postgres";  // who asked
    Names roles = {};
    Names parameters = {};  // that SET takes, in small letters
    Names extensions = {};  // that can be made or are there
    Names schemas = {};     // of the database
};

/// What there is for the database that we are logged in to.
Inventory inventory_of(Connection& inside);

}  // namespace pg
