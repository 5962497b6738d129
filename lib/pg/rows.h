// Which tables of a database have rows, and how many.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "pg/connection.h"

namespace pg {

/// A table that belongs to no extension. A partitioned table counts as one.
struct Table {
    std::string schema = {};
    std::string name = {};
    std::vector<std::pair<std::string, std::string>> parts = {};  // partitions: schema and name
    bool filled = false;                                          // it has at least one row
};

/// The tables of our database. Throws Failure.
std::vector<Table> tables_of(Connection& inside);

/// How many rows a table has.
struct Count {
    std::int64_t rows = 0;
    bool exact = true;  // false: the server's estimate
};
/// Counts the rows of a small table; for a large one returns the server's estimate.
Count count_rows(Connection& inside, const Table& table);

/// The number of large objects in our database.
std::int64_t large_objects(Connection& inside);

}  // namespace pg
