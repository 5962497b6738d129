// What stock tools get past, statement by statement.
#include "transfer/statement_rules.h"

#include "error/error.h"
#include "fakes/catch.h"

namespace {

pg::Inventory server() {
    return {.major = 17,
            .user = "postgres",
            .roles = {"postgres", "reader", "Odd one"},
            .parameters = {"statement_timeout", "search_path", "default_tablespace",
                           "default_with_oids", "role"},
            .extensions = {"hstore", "uuid-ossp", "citext", "plpgsql", "it's"},
            .schemas = {"public", "pg_catalog", "information_schema"}};
}

constexpr const char* as_it_is = "(as it is)";

struct Tried {
    explicit Tried(transfer::RuleOptions how = {}) : rules{server(), how} {}
    std::string operator()(const std::string& statement) {
        return rules.change(statement).value_or(as_it_is);
    }
    std::string said() const {
        std::string all;
        for (const auto& line : rules.lines()) all += line + "\n";
        return all;
    }
    transfer::StatementRules rules;
};

}  // namespace

TEST_CASE("schemas that are there are left out, others made once") {
    Tried tried;
    CHECK(tried("CREATE SCHEMA public;").empty());
    CHECK(tried("CREATE SCHEMA shop;") == as_it_is);
    CHECK(tried("CREATE SCHEMA shop;") == as_it_is);  // the server says that it is there
    CHECK(tried("CREATE SCHEMA s AUTHORIZATION somebody;") == "CREATE SCHEMA \"s\";");
    CHECK(tried.said() == "Left out: CREATE SCHEMA 'public', which is there\n");
}

TEST_CASE("extensions are called, with a schema that is made where it is not there") {
    Tried tried;
    CHECK(tried("CREATE EXTENSION IF NOT EXISTS hstore WITH SCHEMA public;") ==
          "SELECT dokku_postgres_import.extend('hstore','public');");
    CHECK(tried("create\textension \"uuid-ossp\" with\nschema \"Odd \"\" one\" ;") ==
          "CREATE SCHEMA \"Odd \"\" one\"; SELECT "
          "dokku_postgres_import.extend('uuid-ossp','Odd \" one');");
    CHECK(tried("CREATE SCHEMA \"Odd \"\" one\";").empty());
    CHECK(tried("CREATE EXTENSION hstore;") ==
          "SELECT dokku_postgres_import.extend('hstore',pg_catalog.current_schema());");
    CHECK(tried("CREATE EXTENSION \"it's\" SCHEMA public CASCADE;") ==
          "SELECT dokku_postgres_import.extend('it''s','public');");
    CHECK(tried("CREATE EXTENSION IF NOT EXISTS plpgsql WITH SCHEMA pg_catalog;").empty());
    CHECK(tried("COMMENT ON EXTENSION hstore IS 'x';").empty());
    CHECK(tried("CREATE EXTENSION adminpack WITH SCHEMA pg_catalog;").empty());
    CHECK(tried("CREATE EXTENSION supabase_vault WITH SCHEMA vault;").empty());
    CHECK(tried("COPY vault.secrets (id) FROM stdin;").empty());
    CHECK(tried("CREATE TABLE vault.mine (i int);") == as_it_is);
    CHECK(tried("COPY vault.mine (i) FROM stdin;") == as_it_is);
    CHECK_THROWS_AS(tried("CREATE EXTENSION postgis WITH SCHEMA public;"), Error);
    CHECK(tried.said() ==
          "Made: schema 'Odd \" one', which the dump puts extensions into and does not make\n"
          "Left out: CREATE SCHEMA 'Odd \" one', which is there\n"
          "Left out: extension 'adminpack', which PostgreSQL does not have any more\n"
          "Left out: extension 'supabase_vault', which only its host has\n"
          "Left out: rows of table 'vault.secrets', which an extension that was left out has\n");
}

TEST_CASE("a superuser's extensions stay as they are") {
    Tried tried{{.confined = false}};
    CHECK(tried("CREATE EXTENSION hstore WITH SCHEMA public;") == as_it_is);
    CHECK(tried("CREATE EXTENSION hstore WITH SCHEMA s;") ==
          "CREATE SCHEMA \"s\"; CREATE EXTENSION hstore WITH SCHEMA s;");
    CHECK(tried("COMMENT ON EXTENSION hstore IS 'x';") == as_it_is);
}

TEST_CASE("grants to roles that are not here are left out and counted, others stay") {
    Tried tried;
    CHECK(tried("GRANT SELECT ON TABLE public.a TO reporting;").empty());
    CHECK(tried("GRANT ALL(a, b) ON TABLE t TO reporting WITH GRANT OPTION;").empty());
    CHECK(tried("GRANT SELECT ON TABLE t TO reader;") == as_it_is);
    CHECK(tried("GRANT SELECT ON TABLE t TO PUBLIC;") == as_it_is);
    CHECK(tried("GRANT SELECT ON TABLE t TO \"Odd one\", CURRENT_USER;") == as_it_is);
    CHECK(tried("GRANT SELECT ON t TO reader, reporting, GROUP \"Odd one\" WITH GRANT OPTION;") ==
          "GRANT SELECT ON t TO reader, \"Odd one\" WITH GRANT OPTION;");
    CHECK(tried("GRANT ALL ON FUNCTION \"to\".f(\"on\" integer, x text) TO gone;").empty());
    CHECK(tried("REVOKE ALL ON SCHEMA public FROM PUBLIC;") == as_it_is);
    CHECK(tried("REVOKE GRANT OPTION FOR ALL ON TABLE a FROM gone CASCADE;").empty());
    CHECK(tried("GRANT gone TO gone;") == as_it_is);
    CHECK(tried("GRANT") == as_it_is);
    CHECK(tried("GRANT x ON y TO") == as_it_is);
    CHECK(tried.said() ==
          "Left out: grants to role 'reporting', which is not here (3)\n"
          "Left out: grants to role 'gone', which is not here (2)\n");
    Tried without{{.grants = false}};
    CHECK(without("GRANT SELECT ON TABLE t TO reader;").empty());
    CHECK(without("ALTER DEFAULT PRIVILEGES FOR ROLE reader GRANT ALL ON TABLES TO x;").empty());
    CHECK(without.said() ==
          "Left out: grants, as --no-acl says\n"
          "Left out: default privileges, as --no-acl says\n");
}

TEST_CASE("grants on what the dump does not make and its role does not own") {
    Tried tried;
    CHECK(tried("GRANT ALL ON FUNCTION pg_catalog.pg_reload_conf() TO reader;").empty());
    CHECK(tried("GRANT ALL ON FUNCTION s.f() TO reader;") == as_it_is);
    tried("CREATE EXTENSION hstore WITH SCHEMA ext;");
    tried("CREATE FUNCTION ext.mine(a integer) RETURNS int LANGUAGE sql AS '';");
    CHECK(tried("GRANT ALL ON FUNCTION ext.hstore(text) TO reader;").empty());
    CHECK(tried("GRANT ALL ON FUNCTION ext.mine(a integer) TO reader;") == as_it_is);
    CHECK(tried("GRANT USAGE ON SCHEMA net TO reader;") == as_it_is);
    tried("CREATE EXTENSION pg_net WITH SCHEMA ext;");
    CHECK(tried("GRANT USAGE ON SCHEMA net TO reader;").empty());
    CHECK(tried("REVOKE ALL ON FUNCTION net.http_get(url text) FROM PUBLIC;").empty());
    CHECK(tried("GRANT SELECT ON TABLE public.t TO reader;") == as_it_is);
    CHECK(tried("GRANT USAGE ON SCHEMA ext TO reader;") == as_it_is);
    CHECK(tried.said().find("grants on what the server or an extension has, which take --trusted "
                            "(2)") != std::string::npos);
    Tried trusted{{.confined = false}};
    CHECK(trusted("GRANT ALL ON FUNCTION pg_catalog.pg_reload_conf() TO reader;") == as_it_is);
}

TEST_CASE("default privileges are the service user's, or left out") {
    Tried tried;
    CHECK(
        tried("ALTER DEFAULT PRIVILEGES FOR ROLE postgres IN SCHEMA public GRANT SELECT ON TABLES "
              "TO reader;") ==
        "ALTER DEFAULT PRIVILEGES IN SCHEMA public GRANT SELECT ON TABLES TO reader;");
    CHECK(tried("ALTER DEFAULT PRIVILEGES FOR ROLE postgres REVOKE ALL ON TABLES FROM gone;")
              .empty());
    CHECK(tried("ALTER DEFAULT PRIVILEGES FOR ROLE owner_of_old GRANT ALL ON TABLES TO reader;")
              .empty());
    CHECK(tried("ALTER DEFAULT PRIVILEGES FOR ROLE reader GRANT ALL ON TABLES TO reader;").empty());
    CHECK(tried("ALTER DEFAULT PRIVILEGES GRANT ALL ON TABLES TO reader;") == as_it_is);
    CHECK(
        tried("ALTER DEFAULT PRIVILEGES FOR USER postgres GRANT ALL ON TABLES TO reader, gone;") ==
        "ALTER DEFAULT PRIVILEGES GRANT ALL ON TABLES TO reader;");
    Tried trusted{{.confined = false}};
    CHECK(trusted("ALTER DEFAULT PRIVILEGES FOR ROLE reader GRANT ALL ON TABLES TO reader;") ==
          as_it_is);
}

TEST_CASE("owners are left out, and nothing that only looks like one") {
    Tried tried;
    for (const std::string statement :
         {"ALTER TABLE public.t OWNER TO stranger;", "alter table only a.\"B c\" owner to \"X y\";",
          "ALTER FUNCTION s.f(integer, owner text) OWNER TO stranger;",
          "ALTER SCHEMA public OWNER TO pg_database_owner;", "ALTER TABLE owner OWNER TO owner;",
          "ALTER OPERATOR s.+ (integer, NONE) OWNER TO x;", "ALTER LARGE OBJECT 42 OWNER TO x;",
          "ALTER EVENT TRIGGER e OWNER /* so */ TO x;"}) {
        CAPTURE(statement);
        CHECK(tried(statement).empty());
    }
    for (const std::string statement :
         {"ALTER TABLE t RENAME COLUMN owner TO boss;", "ALTER TABLE t RENAME owner TO boss;",
          "ALTER TABLE t ADD COLUMN a int, OWNER TO x;",
          "ALTER TABLE t OWNER TO x, ADD COLUMN a int;", "ALTER FUNCTION f() SET owner TO x;",
          "ALTER TABLE t ALTER COLUMN a SET DEFAULT 'OWNER TO x';",
          "COMMENT ON TABLE t IS 'x'; -- OWNER TO x", "CREATE TABLE owner (\"TO\" int);",
          "SELECT 1 AS owner;"}) {
        CAPTURE(statement);
        CHECK(tried(statement) == as_it_is);
    }
    CHECK(tried.said().empty());
}

TEST_CASE("what --clean removes is not there, until something is made") {
    Tried tried;
    CHECK(tried("ALTER TABLE ONLY public.a DROP CONSTRAINT a_pkey;").empty());
    CHECK(tried("DROP TABLE public.a;").empty());
    CHECK(tried("CREATE OR REPLACE VIEW v AS SELECT NULL::integer AS i;").empty());
    CHECK(tried("DROP SCHEMA public CASCADE;").empty());
    CHECK(tried("CREATE SCHEMA public;").empty());
    CHECK(tried("DROP TABLE public.a;") == as_it_is);
    CHECK(tried("ALTER TABLE a DROP COLUMN b;") == as_it_is);
    CHECK(tried.said() ==
          "Left out: what --clean of pg_dump removes (4)\n"
          "Left out: CREATE SCHEMA 'public', which is there\n");
    Tried merging{{.merging = true}};
    CHECK(merging("DROP TABLE public.a;") == as_it_is);
}

TEST_CASE("parameters that the server does not know") {
    Tried tried;
    CHECK(tried("SET transaction_timeout = 0;").empty());
    CHECK(tried("SET SESSION transaction_timeout TO 0;").empty());
    CHECK(tried("SET statement_timeout = 0;") == as_it_is);
    CHECK(tried("SET my.own = 'x';") == as_it_is);
    CHECK(tried("SET TIME ZONE 'UTC';") == as_it_is);
    CHECK(tried("SET default_tablespace = '';") == as_it_is);
    CHECK(tried("SET default_tablespace = fast;").empty());
    CHECK(tried("SET default_with_oids = false;") == as_it_is);
    CHECK(tried("SET default_with_oids = true;").empty());
    CHECK(tried.said() ==
          "Left out: SET transaction_timeout, which PostgreSQL 17 does not know (2)\n"
          "Left out: tablespaces, which belong to the server\n"
          "Left out: SET default_with_oids, which no table has any more\n");
}

TEST_CASE("roles that a dump cannot do without") {
    Tried tried;
    CHECK(tried("CREATE POLICY p ON t FOR SELECT TO reader USING (true);") == as_it_is);
    CHECK(tried("CREATE POLICY \"to\" ON t USING ((a = b));") == as_it_is);
    CHECK(tried("CREATE POLICY p ON t FOR SELECT TO PUBLIC USING (true);") == as_it_is);
    tried.rules.check_roles("shop");
    CHECK_FALSE(tried.rules.needs_roles());
    CHECK(tried("CREATE POLICY p ON t FOR SELECT TO authenticated, anon USING (true);").empty());
    CHECK(tried("SET ROLE \"Gone one\";").empty());
    CHECK(tried("SET ROLE reader;") == as_it_is);
    CHECK(tried("SET ROLE NONE;") == as_it_is);
    CHECK(tried.rules.needs_roles());
    try {
        tried.rules.check_roles("shop");
        FAIL("it needs roles");
    } catch (const Error& error) {
        CHECK(std::string{error.what()} ==
              "the dump needs roles that are not here: 'authenticated', 'anon', 'Gone one'");
        CHECK(error.hint() ==
              "Make them first: dokku postgres:connect shop -c 'create role authenticated nologin'"
              " -c 'create role anon nologin' -c 'create role \"Gone one\" nologin'");
    }
    Tried lenient{{.lenient = true}};
    CHECK(lenient("CREATE POLICY p ON t FOR SELECT TO anon USING (true);").empty());
    lenient.rules.check_roles("shop");
    CHECK(lenient.rules.failures().size() == 1);
}

TEST_CASE("a grantor's grants are left out, another authorization stays") {
    Tried tried;
    CHECK(tried("SET SESSION AUTHORIZATION somebody;").empty());
    CHECK(tried("GRANT SELECT ON t TO reader;").empty());
    CHECK(tried("RESET SESSION AUTHORIZATION;").empty());
    CHECK(tried("SELECT 1;") == as_it_is);
    CHECK(tried.said() == "Left out: grants by role 'somebody'\n");
    CHECK(tried("SET SESSION AUTHORIZATION 'postgres';").empty());
    CHECK(tried("SELECT 1;") == "SET SESSION AUTHORIZATION 'postgres';SELECT 1;");
    CHECK(tried("SET SESSION AUTHORIZATION postgres;").empty());
    CHECK(tried.rules.rest() == "SET SESSION AUTHORIZATION postgres;");
    CHECK(tried.rules.rest().empty());
    CHECK(tried("SET SESSION AUTHORIZATION gone;").empty());
    CHECK(tried("CREATE TABLE t (i int);") == as_it_is);
    CHECK_THROWS_AS(tried.rules.check_roles("shop"), Error);
    Tried trusted{{.confined = false}};
    CHECK(trusted("SET SESSION AUTHORIZATION reader;") == as_it_is);
}

TEST_CASE("what former hosts put into a database") {
    Tried tried;
    CHECK(tried("CREATE EVENT TRIGGER x ON ddl_command_end EXECUTE FUNCTION _heroku.f();").empty());
    CHECK(tried("CREATE EVENT TRIGGER pgrst_ddl_watch ON ddl_command_end\n EXECUTE FUNCTION "
                "extensions.pgrst_ddl_watch();")
              .empty());
    CHECK(tried("ALTER EVENT TRIGGER x DISABLE;").empty());
    CHECK(tried("CREATE EVENT TRIGGER mine ON ddl_command_end EXECUTE FUNCTION public.f();") ==
          as_it_is);
    CHECK(tried("CREATE EVENT TRIGGER mine2 ON ddl_command_end EXECUTE FUNCTION _heroku();") ==
          as_it_is);
    CHECK(tried("CREATE PUBLICATION supabase_realtime WITH (publish = 'insert');").empty());
    CHECK(tried("ALTER PUBLICATION supabase_realtime ADD TABLE ONLY public.t;").empty());
    CHECK(tried("CREATE PUBLICATION mine FOR TABLE t;") == as_it_is);
    CHECK(tried.said().find("event trigger 'x' of the database's former host") !=
          std::string::npos);
}

TEST_CASE("the language that every database has") {
    Tried tried;
    CHECK(tried("CREATE PROCEDURAL LANGUAGE plpgsql;").empty());
    CHECK(tried("CREATE OR REPLACE PROCEDURAL LANGUAGE plpgsql;").empty());
    CHECK(tried("CREATE TRUSTED PROCEDURAL LANGUAGE 'plpgsql' HANDLER plpgsql_call_handler;")
              .empty());
    CHECK(
        tried("CREATE FUNCTION plpgsql_call_handler() RETURNS language_handler AS 'x' LANGUAGE c;")
            .empty());
    CHECK(tried("CREATE LANGUAGE plperl;") == as_it_is);
    CHECK(tried("COMMENT ON PROCEDURAL LANGUAGE plpgsql IS 'x';").empty());
}

TEST_CASE("in a merge the whole dump is one transaction") {
    Tried tried{{.merging = true}};
    for (const char* statement : {"BEGIN;", "COMMIT;", "START TRANSACTION;", "END;"}) {
        CAPTURE(statement);
        CHECK(tried(statement).empty());
    }
    for (const char* statement :
         {"ROLLBACK;", "ABORT;", "PREPARE TRANSACTION 'x';", "COMMIT PREPARED 'x';"}) {
        CAPTURE(statement);
        CHECK_THROWS_AS(tried(statement), Error);
    }
    CHECK(tried("ROLLBACK TO SAVEPOINT a;") == as_it_is);
    CHECK(tried("PREPARE x AS SELECT 1;") == as_it_is);
    CHECK(tried("COMMENT ON SCHEMA public IS 'x';").empty());
    Tried alone;
    CHECK(alone("BEGIN;") == as_it_is);
    CHECK(alone("COMMENT ON SCHEMA public IS 'x';") == as_it_is);
}

TEST_CASE("tables that a dump makes and fills") {
    Tried tried;
    tried("CREATE TABLE IF NOT EXISTS \"Odd\".t (i int);");
    tried("CREATE UNLOGGED TABLE u (i int);");
    tried("COPY public.c (a) FROM stdin;");
    tried("INSERT INTO public.\"I\" VALUES (1, 'x');");
    using Relations = std::set<transfer::Relation>;
    CHECK(tried.rules.tables() == Relations{{"", "u"}, {"Odd", "t"}});
    CHECK(tried.rules.filled() == Relations{{"public", "c"}, {"public", "I"}});
}
