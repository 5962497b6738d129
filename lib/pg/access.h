// Authentication on the server's own socket.
#pragma once

#include <string>

#include "pg/connection.h"

namespace pg {

/// The method (`trust`, `peer`, `scram-sha-256`, ..) of pg_hba.conf for a role and a database on
/// the server's socket; empty if no rule applies. Throws Failure.
std::string socket_method(Connection& server, const std::string& role, const std::string& database);

}  // namespace pg
