// The role of an import: it fills one database and has no other rights.
#include "pg/import_role.h"

#include "pg/majors.h"
#include "pg/transaction.h"

namespace pg {

namespace {

// An extension's script runs as a superuser and trusts its schema. So the role must own nothing yet
// except schemas and collations, which pg_dump creates before extensions. PostGIS lets users add
// rows to its own table, and dumps have such rows. Some extensions choose their schema themselves.
constexpr const char* extend = R"sql(
create function dokku_postgres_import.extend(name text, schema text) returns void
language plpgsql security definer set search_path = pg_catalog, pg_temp as $body$
declare
    own text;
    needs text[];
    needed text;
begin
    if exists (select from pg_extension e where e.extname = extend.name) then return; end if;
    if extend.name = 'dblink' then
        raise insufficient_privilege using
            message = 'permission denied to create extension "dblink": it reaches what is outside';
    end if;
    -- only at this level the check sees what other sessions of the role have committed meanwhile
    if current_setting('transaction_isolation') <> 'read committed' then
        raise insufficient_privilege using message = format(
            'permission denied to create extension "%s" in this transaction', extend.name);
    end if;
    select v.schema, v.requires into own, needs
    from pg_available_extension_versions v
    join pg_available_extensions a on a.name = v.name and a.default_version = v.version
    where v.name = extend.name;
    foreach needed in array coalesce(needs, '{}') loop
        perform dokku_postgres_import.extend(needed, extend.schema);
    end loop;
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
    if own is null then
        execute format('create extension %I with schema %I', extend.name,
            coalesce(extend.schema, 'public'));
    else
        execute format('create extension %I', extend.name);
    end if;
    if extend.name = 'postgis' then
        execute format('grant select, insert on %I.spatial_ref_sys to %I', extend.schema, session_user);
    end if;
end $body$)sql";

// Indexes and sequences of columns follow their table.
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

// Default privileges of the dump's owner, given to the new owner. A global entry replaces the
// server's own default, which lets PUBLIC call functions and use types.
constexpr const char* default_privileges = R"sql(
select coalesce(' in schema ' || quote_ident(n.nspname), ''), t.kind, a.privilege_type,
    a.is_grantable, coalesce(quote_ident(r.rolname), 'public')
from pg_default_acl d
left join pg_namespace n on n.oid = d.defaclnamespace
join (values ('r', 'tables'), ('S', 'sequences'), ('f', 'functions'), ('T', 'types'),
    ('n', 'schemas'), ('L', 'large objects')) t(code, kind) on t.code::"char" = d.defaclobjtype,
aclexplode(d.defaclacl) a
left join pg_roles r on r.oid = a.grantee
where d.defaclrole = (select oid from pg_roles where rolname = $1::text)
    and a.grantee <> d.defaclrole and (a.grantee = 0 or r.rolname is not null))sql";
constexpr const char* replaced_defaults = R"sql(
select t.kind from pg_default_acl d
join (values ('f', 'functions'), ('T', 'types')) t(code, kind) on t.code::"char" = d.defaclobjtype
where d.defaclnamespace = 0 and d.defaclrole = (select oid from pg_roles where rolname = $1::text))sql";

void give_default_privileges(Connection& inside, const std::string& role, const std::string& to) {
    const std::string begin = "alter default privileges for role " + to;
    std::vector<std::string> statements;
    for (const auto& kind : first_column(inside.query(replaced_defaults, {role})))
        statements.push_back(begin + " revoke all on " + kind + " from public");
    for (const auto& row : inside.query(default_privileges, {role})) {
        statements.push_back(begin + row[0].value_or("") + " grant " + row[2].value_or("") +
                             " on " + row[1].value_or("") + " to " + row[4].value_or("") +
                             (row[3] == "t" ? " with grant option" : ""));
    }
    if (!statements.empty()) run_together(inside, statements);
}

// Gives the schema `public` to the owner that it has in a new database.
void give_public_back(Connection& inside, const std::string& role) {
    const auto owned = inside.query(
        "select 1 from pg_namespace where nspname = 'public'"
        " and nspowner = (select oid from pg_roles where rolname = $1::text)",
        {role});
    if (owned.empty()) return;
    const std::string owner =
        has(inside.major(), Feature::public_owner)
            ? "pg_database_owner"
            : first_column(inside.query("select rolname from pg_roles where oid = 10")).front();
    inside.query("alter schema public owner to " + inside.identifier(owner));
}

// Grants that let a role create objects and extensions in a database.
std::vector<std::string> rights_of(Connection& inside, const std::string& name) {
    const std::string database =
        inside.identifier(first_column(inside.query("select current_database()")).front());
    const std::string function = std::string(extend_function) + "(text, text)";
    return {"grant connect, create, temporary on database " + database + " to " + name,
            "create schema dokku_postgres_import",
            extend,
            "revoke all on function " + function + " from public",
            "grant usage on schema dokku_postgres_import to " + name,
            "grant execute on function " + function + " to " + name};
}

}  // namespace

void create_import_role(Connection& server, const std::string& role, const std::string& password) {
    // Without a password from us, the role gets an expired one, so that one it sets for itself does
    // not work: the server's socket is trusted, and code in a database can connect to the server's
    // own address.
    const std::string secret =
        password.empty() ? locked : " password " + server.literal(server.verifier(role, password));
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
    auto statements = rights_of(inside, name);
    statements.push_back("alter schema public owner to " + name);
    run_together(inside, statements);
}

void let_merge(Connection& inside, const std::string& role) {
    const std::string name = inside.identifier(role);
    inside.query("drop schema if exists dokku_postgres_import cascade");  // left by a killed import
    auto statements = rights_of(inside, name);
    statements.push_back("grant usage on language plpgsql to " + name);
    const auto schemas = first_column(
        inside.query("select quote_ident(nspname) from pg_namespace where nspname !~ '^pg_' and"
                     " nspname <> 'information_schema'"));
    for (const auto& schema : schemas) {
        const std::string in_schema = " in schema " + schema + " to " + name;
        statements.push_back("grant usage, create on schema " + schema + " to " + name);
        statements.push_back("grant insert, references on all tables" + in_schema);
        statements.push_back("grant usage, update on all sequences" + in_schema);
    }
    run_together(inside, statements);
}

void provide(Connection& inside, const Provision& wanted, const std::string& role) {
    // As the role of the import, so that it owns the schemas and gets nothing that it has no right
    // to.
    if (!role.empty()) inside.query("set session authorization " + inside.identifier(role));
    const auto make_schema = [&](const std::string& schema) {
        inside.query("create schema if not exists " + inside.identifier(schema));
    };
    for (const auto& schema : wanted.schemas) make_schema(schema);
    for (const auto& [name, schema] : wanted.extensions) {
        make_schema(schema);
        if (!role.empty()) {
            inside.query(std::string{"select "} + extend_function + "($1, $2)", {name, schema});
        } else {
            inside.query("create extension if not exists " + inside.identifier(name) +
                         " with schema " + inside.identifier(schema) + " cascade");
        }
    }
    if (!role.empty()) inside.query("reset session authorization");
}

void take_over(Connection& inside, const std::string& role, const std::string& owner) {
    const std::string from = inside.identifier(role);
    const std::string to = inside.identifier(owner);
    inside.query("alter role " + from + " nologin");
    inside.query("select pg_terminate_backend(pid) from pg_stat_activity where usename = $1::text",
                 {role});
    inside.query("drop schema if exists dokku_postgres_import cascade");
    give_default_privileges(inside, role, to);
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
