// What a server tells of itself and of one database in a single round.
#pragma once

#include <cstdint>
#include <string>

#include "pg/connection.h"

namespace pg {

/// The figures that `info` shows.
struct Figures {
    std::string version = {};      // `17.6`
    std::int64_t size = 0;         // bytes of the database that we are logged in to
    std::int64_t connections = 0;  // sessions of clients in it, ours not among them
    std::int64_t uptime = 0;       // seconds since the server was started
};

/// One statement.
Figures figures(Connection& inside);

}  // namespace pg
