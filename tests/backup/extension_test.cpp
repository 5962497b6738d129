// Statements about extensions.
#include "backup/extension.h"

#include "fakes/catch.h"

TEST_CASE("the statement of pg_dump becomes a call") {
    const auto call = [](const char* statement) {
        return backup::extension_call(statement).value_or("none");
    };
    CHECK(call("CREATE EXTENSION IF NOT EXISTS pgcrypto WITH SCHEMA public;\n") ==
          "SELECT dokku_postgres_import.extend('pgcrypto','public');");
    CHECK(call("create\textension HSTORE with\nschema \"Odd \"\" one\" ;") ==
          "SELECT dokku_postgres_import.extend('hstore','Odd \" one');");
    for (const char* statement :
         {"", ";", "CREATE EXTENSION", "CREATE EXTENSION a;", "CREATE EXTENSION a WITH SCHEMA;",
          "CREATE EXTENSION a WITH SCHEMA b", "CREATE EXTENSION a WITH SCHEMA b; SELECT 1;",
          "CREATE EXTENSION a WITH SCHEMA b VERSION '1';", "CREATE EXTENSION \"a WITH SCHEMA b;",
          "CREATE EXTENSION \"it's\" WITH SCHEMA b;", "CREATE EXTENSION \"a\\\" WITH SCHEMA b;",
          "CREATE EXTENSION 'a' WITH SCHEMA b;", "CREATE TABLE a WITH SCHEMA b;",
          "CREATE EXTENSION IF NOT a WITH SCHEMA b;", "CREATE EXTENSION 1a WITH SCHEMA b;"}) {
        CAPTURE(statement);
        CHECK(call(statement) == "none");
    }
}

TEST_CASE("a comment on an extension is told from others") {
    CHECK(backup::is_extension_comment("COMMENT ON EXTENSION a IS 'b';"));
    CHECK(backup::is_extension_comment("\n comment  on extension \"a\" is null;"));
    CHECK_FALSE(backup::is_extension_comment("COMMENT ON TABLE extension IS 'b';"));
    CHECK_FALSE(backup::is_extension_comment("COMMENT ON EXTENSIONS"));
    CHECK_FALSE(backup::is_extension_comment(""));
}
