// What stock tools get past, entry by entry.
#include "transfer/entry_rules.h"

#include "fakes/catch.h"

namespace {

transfer::StatementRules rules(transfer::RuleOptions how = {}) {
    return {{.roles = {"reader"}, .extensions = {"hstore"}, .schemas = {"public"}}, how};
}

dump::Entry entry(const char* kind, const char* tag, const char* definition = "",
                  const char* schema = "public") {
    dump::Entry made;
    made.id = 1;
    made.kind = kind;
    made.tag = tag;
    made.schema = schema;
    made.definition = definition;
    return made;
}

}  // namespace

TEST_CASE("entries that a rule is about are changed or left out") {
    transfer::StatementRules of = rules();
    transfer::EntryRules keep{of};
    auto schema = entry("SCHEMA", "public", "CREATE SCHEMA public;\n\n\n", "");
    CHECK_FALSE(keep(schema));
    auto other = entry("SCHEMA", "shop", "CREATE SCHEMA shop;\n", "");
    CHECK(keep(other));
    CHECK(other.definition == "CREATE SCHEMA shop;\n");
    auto extension = entry("EXTENSION", "hstore",
                           "CREATE EXTENSION IF NOT EXISTS hstore WITH SCHEMA heroku_ext;\n", "");
    CHECK(keep(extension));
    CHECK(extension.definition ==
          "CREATE SCHEMA \"heroku_ext\"; SELECT "
          "dokku_postgres_import.extend('hstore','heroku_ext');\n");
    auto comment = entry("COMMENT", "EXTENSION hstore", "COMMENT ON EXTENSION hstore IS 'x';\n");
    CHECK_FALSE(keep(comment));
    auto trigger = entry("EVENT TRIGGER", "t",
                         "CREATE EVENT TRIGGER t ON ddl_command_end\n   EXECUTE FUNCTION "
                         "_heroku.f();\n");
    CHECK_FALSE(keep(trigger));
    auto function = entry("FUNCTION", "f()", "CREATE FUNCTION f() ..");
    CHECK(keep(function));
    CHECK(function.definition == "CREATE FUNCTION f() ..");
    auto empty = entry("SCHEMA", "public", "-- *not* creating schema, since initdb creates it\n");
    CHECK(keep(empty));
    auto policy = entry("POLICY", "t p", "CREATE POLICY p ON public.t TO anon USING (true);\n");
    CHECK_FALSE(keep(policy));
    CHECK(of.needs_roles());
}

TEST_CASE("grants of an entry are kept one by one") {
    transfer::StatementRules of = rules();
    transfer::EntryRules keep{of};
    auto grants = entry("ACL", "TABLE t",
                        "REVOKE ALL ON TABLE t FROM gone;\nGRANT SELECT ON TABLE t TO reader;\n"
                        "SET SESSION AUTHORIZATION reader;\nGRANT ALL ON t TO reader;\n"
                        "RESET SESSION AUTHORIZATION;\n\n");
    CHECK(keep(grants));
    CHECK(grants.definition == "\nGRANT SELECT ON TABLE t TO reader;\n");
    auto none = entry("ACL", "TABLE t", "GRANT SELECT ON TABLE t TO gone;\n");
    CHECK_FALSE(keep(none));
    CHECK(of.lines().size() == 2);
    transfer::StatementRules without = rules({.grants = false});
    auto all = entry("ACL", "TABLE t", "GRANT SELECT ON TABLE t TO reader;\n");
    CHECK_FALSE(transfer::EntryRules{without}(all));
}

TEST_CASE("tables and their rows are noted, tablespaces left out") {
    transfer::StatementRules of = rules();
    transfer::EntryRules keep{of};
    auto table = entry("TABLE", "t", "CREATE TABLE t ();", "s");
    table.tablespace = "fast";
    CHECK(keep(table));
    CHECK(table.tablespace == "");
    auto data = entry("TABLE DATA", "t", "", "s");
    CHECK(keep(data));
    CHECK(of.tables() == std::set<transfer::Relation>{{"s", "t"}});
    CHECK(of.filled() == std::set<transfer::Relation>{{"s", "t"}});
    auto vault = entry("EXTENSION", "supabase_vault",
                       "CREATE EXTENSION supabase_vault WITH SCHEMA vault;\n", "");
    CHECK_FALSE(keep(vault));
    auto secrets = entry("TABLE DATA", "secrets", "", "vault");
    CHECK_FALSE(keep(secrets));
}
