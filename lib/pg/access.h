// How a server lets its own machine in.
#pragma once

#include <string>

#include "pg/connection.h"

namespace pg {

/// The method (`trust`, `peer`, `scram-sha-256`, ..) by which pg_hba.conf lets a role into a
/// database over the server's own socket; empty when no rule does.
std::string socket_method(Connection& server, const std::string& role, const std::string& database);

}  // namespace pg
