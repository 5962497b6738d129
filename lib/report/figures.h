// The report about a server and its service's database, for `info`.
#pragma once

#include "report/report.h"

namespace report {

inline constexpr Column figures_columns[] = {
    {"server-version"},
    {"size", Unit::bytes},
    {"connections", Unit::number},  // client sessions in the database, except ours
    {"uptime", Unit::duration},
};
inline constexpr Statement figures_statements[] = {{R"sql(
select split_part(current_setting('server_version'), ' ', 1),
    pg_database_size(current_database()),
    (select count(*) from pg_stat_activity
     where datname = current_database() and backend_type = 'client backend'
        and pid <> pg_backend_pid()),
    extract(epoch from now() - pg_postmaster_start_time())::bigint)sql"}};
inline constexpr Report figures{figures_columns, figures_statements};

}  // namespace report
