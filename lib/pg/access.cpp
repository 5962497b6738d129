// Authentication on the server's own socket.
#include "pg/access.h"

namespace pg {

std::string socket_method(Connection& server, const std::string& role,
                          const std::string& database) {
    const auto rows = server.query(
        "SELECT auth_method FROM pg_catalog.pg_hba_file_rules"
        " WHERE type = 'local' AND error IS NULL"
        " AND database && ARRAY['all', $1] AND user_name && ARRAY['all', $2]"
        " ORDER BY line_number LIMIT 1",
        {database, role});
    return rows.empty() ? std::string{} : rows.front().front().value_or("");
}

}  // namespace pg
