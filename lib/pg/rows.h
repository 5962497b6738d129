// Which tables of a database have rows, and how many.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "pg/connection.h"

namespace pg {

/// A table of the database's own, none of an extension; one in partitions counts as one.
struct Table {
    std::string schema = {};
    std::string name = {};
    std::vector<std::pair<std::string, std::string>> parts = {};  // schema and name of each
    bool filled = false;                                          // it has a row
};

/// Every table of the database that we are logged in to.
std::vector<Table> tables_of(Connection& inside);

/// How many rows a table has.
struct Count {
    std::int64_t rows = 0;
    bool exact = true;  // false: the server's estimate
};
/// Counts the rows of a small table; of a large one the server's estimate is taken.
Count count_rows(Connection& inside, const Table& table);

/// How many large objects the database has.
std::int64_t large_objects(Connection& inside);

}  // namespace pg
