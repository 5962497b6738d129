// A role that fills one database and can do nothing beside it.
#include "pg/import_role.h"

#include "pg/transaction.h"

namespace pg {

namespace {

// An extension's script runs as a superuser and trusts its schema: nothing of the role's may be
// there but what pg_dump puts first, schemas and collations. The rows that PostGIS lets its users
// add to its own table are data.
constexpr const char* extend = R"sql(
create function dokku_postgres_import.extend(name text, schema text) returns void
language plpgsql security definer set search_path = pg_catalog, pg_temp as $body$
begin
    if exists (select from pg_extension e where e.extname = extend.name) then return; end if;
    if extend.name = 'dblink' then
        raise insufficient_privilege using
            message = 'permission denied to create extension "dblink": it reaches what is outside';
    end if;
    -- what other sessions of the role make meanwhile must be seen, and come after it
    if current_setting('transaction_isolation') <> 'read committed' then
        raise insufficient_privilege using message = format(
            'permission denied to create extension "%s" in this transaction', extend.name);
    end if;
    lock table pg_catalog.pg_class, pg_catalog.pg_proc, pg_catalog.pg_operator, pg_catalog.pg_type
        in share row exclusive mode;
    if exists (
        select from pg_shdepend d
        where d.dbid = (select oid from pg_database where datname = current_database())
            and d.refclassid = 'pg_authid'::regclass and d.deptype = 'o'
            and d.refobjid = (select oid from pg_roles where rolname = session_user)
            and d.classid not in ('pg_namespace'::regclass, 'pg_collation'::regclass)
    ) then
        raise insufficient_privilege using message = format(
            'permission denied to create extension "%s" after other objects', extend.name);
    end if;
    execute format('create extension %I with schema %I', extend.name, extend.schema);
    if extend.name = 'postgis' then
        execute format('grant select, insert on %I.spatial_ref_sys to %I', extend.schema, session_user);
    end if;
end $body$)sql";

// Whatever follows a relation (indexes, sequences of its columns) goes with it.
constexpr const char* next_relations =
    "select c.oid::regclass::text, case c.relkind when 'v' then 'view' when 'm' then"
    " 'materialized view' when 'f' then 'foreign table' else 'table' end"
    " from pg_class c where c.relowner = (select oid from pg_roles where rolname = $1::text)"
    " and c.relkind in ('r', 'p', 'v', 'm', 'f') limit 200";

constexpr const char* locked = " password null valid until '-infinity'";

void run_together(Connection& server, const std::vector<std::string>& statements) {
    Transaction transaction{server};
    for (const auto& statement : statements) server.query(statement);
    transaction.commit();
}

// Who owns it in a database that nobody has touched: pg_database_owner from 15 on.
void give_public_back(Connection& inside, const std::string& role) {
    constexpr int with_database_owner = 150000;
    const auto owned = inside.query(
        "select 1 from pg_namespace where nspname = 'public'"
        " and nspowner = (select oid from pg_roles where rolname = $1::text)",
        {role});
    if (owned.empty()) return;
    const std::string owner =
        inside.version() >= with_database_owner
            ? "pg_database_owner"
            : first_column(inside.query("select rolname from pg_roles where oid = 10")).front();
    inside.query("alter schema public owner to " + inside.identifier(owner));
}

}  // namespace

void create_import_role(Connection& server, const std::string& role, const std::string& password) {
    // Without a password of ours none that it gives itself works: the server trusts its socket, and
    // from a database there is a way to the server's own address.
    const std::string secret = password.empty()
                                   ? locked
                                   : " password " + server.literal(server.verifier(role, password));
    server.query("create role " + server.identifier(role) +
                 " login nosuperuser nocreatedb nocreaterole noinherit noreplication bypassrls" +
                 secret);
}

void open_role(Connection& server, const std::string& role, const std::string& password) {
    server.query("alter role " + server.identifier(role) + " password " +
                 server.literal(server.verifier(role, password)) + " valid until 'infinity'");
}

void lock_role(Connection& server, const std::string& role) {
    server.query("alter role " + server.identifier(role) + locked);
}

void let_fill(Connection& inside, const std::string& role) {
    const std::string name = inside.identifier(role);
    const std::string database =
        inside.identifier(first_column(inside.query("select current_database()")).front());
    const std::string function = std::string(extend_function) + "(text, text)";
    run_together(inside,
                 {"grant connect, create, temporary on database " + database + " to " + name,
                  "alter schema public owner to " + name, "create schema dokku_postgres_import",
                  extend, "revoke all on function " + function + " from public",
                  "grant usage on schema dokku_postgres_import to " + name,
                  "grant execute on function " + function + " to " + name});
}

void take_over(Connection& inside, const std::string& role, const std::string& owner) {
    const std::string from = inside.identifier(role);
    const std::string to = inside.identifier(owner);
    inside.query("alter role " + from + " nologin");
    inside.query("select pg_terminate_backend(pid) from pg_stat_activity where usename = $1::text",
                 {role});
    inside.query("drop schema dokku_postgres_import cascade");
    give_public_back(inside, role);
    for (auto rows = inside.query(next_relations, {role}); !rows.empty();
         rows = inside.query(next_relations, {role})) {
        std::vector<std::string> statements;
        statements.reserve(rows.size());
        for (const auto& row : rows) {
            statements.push_back("alter " + row[1].value_or("") + " " + row[0].value_or("") +
                                 " owner to " + to);
        }
        run_together(inside, statements);
    }
    run_together(inside, {"reassign owned by " + from + " to " + to, "drop owned by " + from});
}

void close_role(Connection& server, const std::string& role) {
    if (server.query("select 1 from pg_roles where rolname = $1::text", {role}).empty()) return;
    server.query("alter role " + server.identifier(role) + " nologin password null");
}

void drop_role(Connection& server, const std::string& role) {
    server.query("drop role if exists " + server.identifier(role));
}

std::vector<std::string> roles(Connection& server, const std::string& prefix) {
    return first_column(server.query(
        "select rolname from pg_roles where left(rolname::text, length($1::text)) = $1::text",
        {prefix}));
}

}  // namespace pg
