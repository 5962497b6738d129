// What a server tells of itself and of one database in a single round.
#include "pg/figures.h"

namespace pg {

Figures figures(Connection& inside) {
    const auto row = inside
                         .query(
                             "select split_part(current_setting('server_version'), ' ', 1),"
                             " pg_database_size(current_database()),"
                             " (select count(*) from pg_stat_activity where datname ="
                             " current_database() and backend_type = 'client backend' and pid <>"
                             " pg_backend_pid()),"
                             " extract(epoch from now() - pg_postmaster_start_time())::bigint")
                         .front();
    return {.version = row[0].value_or(""),
            .size = whole_number(row[1]),
            .connections = whole_number(row[2]),
            .uptime = whole_number(row[3])};
}

}  // namespace pg
