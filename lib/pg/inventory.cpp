// What a server and a database have that a dump may need.
#include "pg/inventory.h"

namespace pg {

namespace {

// pg_settings has no settings with the flag GUC_NO_SHOW_ALL (guc_tables.c).
constexpr const char* parameters =
    "select lower(name) from pg_settings union all select name from unnest(array["
    "'default_with_oids', 'is_superuser', 'role', 'seed', 'session_authorization']) h(name)"
    " where current_setting(name, true) is not null";

Names names(Connection& inside, const std::string& sql) {
    const auto found = first_column(inside.query(sql));
    return {found.begin(), found.end()};
}

}  // namespace

Inventory inventory_of(Connection& inside) {
    return {.major = inside.major(),
            .user = first_column(inside.query("select current_user")).front(),
            .roles = names(inside, "select rolname from pg_roles"),
            .parameters = names(inside, parameters),
            .extensions = names(inside,
                                "select name from pg_available_extensions"
                                " union select extname from pg_extension"),
            .schemas = names(inside, "select nspname from pg_namespace")};
}

}  // namespace pg
