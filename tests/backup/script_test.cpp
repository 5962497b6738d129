// Plain dumps as psql would read them.
#include "backup/script.h"

#include "error/error.h"
#include "fakes/catch.h"

namespace {

std::string passed(const std::string& script, std::size_t piece = 100000) {
    std::string out;
    backup::Script reader{[&](std::string_view bytes) { out += bytes; }};
    for (std::size_t at = 0; at < script.size(); at += piece) {
        reader.feed(std::string_view{script}.substr(at, piece));
    }
    reader.finish();
    return out;
}

// What is said of a script, the same whatever its pieces; empty when it passes.
std::string said(const std::string& script) {
    std::string first;
    for (const std::size_t piece : {100000UL, 1UL, 2UL, 3UL, 7UL}) {
        std::string now;
        try {
            passed(script, piece);
        } catch (const Error& error) {
            now = error.what();
        }
        if (piece == 100000) {
            first = now;
        } else if (now != first) {
            return "in pieces of " + std::to_string(piece) + ": '" + now + "', at once: '" + first +
                   "'";
        }
    }
    return first;
}

bool refused(const std::string& script, const std::string& why) {
    const std::string now = said(script);
    CAPTURE(script, now);
    return now.find(why) != std::string::npos;
}

const std::string dump =
    "--\n-- PostgreSQL database dump\n--\n\n\\restrict abcDEF123\n\n"
    "-- Dumped from database version 17.6\n"
    "SET standard_conforming_strings = on;\n"
    "SELECT pg_catalog.set_config('search_path', '', false);\n"
    "CREATE FUNCTION public.f() RETURNS void LANGUAGE plpgsql AS $_$\nBEGIN\n"
    "  EXECUTE 'DROP DATABASE x'; -- $$ not the end \\! id\nDROP DATABASE shop;\n\\connect x\nEND "
    "$_$;\n"
    "CREATE TABLE public.t (a integer, \"b;\\!\" text DEFAULT 'it''s; \\! DROP DATABASE x');\n"
    "COPY public.t (a, \"b;\\!\") FROM stdin;\n1\t\\N\n2\t\\\\! id\nDROP DATABASE "
    "x;\n\\.x\n'\n\\.\n\n"
    "ALTER TABLE public.t ADD CONSTRAINT c CHECK ((a > 0));\n"
    "--\n-- PostgreSQL database dump complete\n--\n\n\\unrestrict abcDEF123\n\n";

}  // namespace

TEST_CASE("a dump of pg_dump passes, but for its restrict lines") {
    CHECK(said(dump).empty());
    auto expected = dump;
    for (const std::string line : {"\\restrict abcDEF123\n", "\\unrestrict abcDEF123\n"}) {
        expected.erase(expected.find(line), line.size());
    }
    for (const std::size_t piece : {1U, 2U, 5U, 64U, 100000U}) {
        CAPTURE(piece);
        CHECK(passed(dump, piece) == expected);
    }
}

TEST_CASE("a dump that is cut off is refused wherever it is cut") {
    const auto complete = dump.find("dump complete") + std::string("dump complete").size();
    for (std::size_t size = 0; size < complete; ++size) {
        CAPTURE(size);
        CHECK_THROWS_AS(passed(dump.substr(0, size)), Error);
    }
    CHECK_NOTHROW(passed(dump.substr(0, complete)));
}

TEST_CASE("a script by hand needs no last line") {
    CHECK(said("CREATE TABLE t (a int);\nINSERT INTO t VALUES (1);").empty());
    CHECK(said("SELECT 1;").empty());
    CHECK(refused("SELECT 1", "cut off"));
    CHECK(refused("SELECT 'abc;\n", "cut off"));
    CHECK(refused("SELECT $$abc;\n", "cut off"));
    CHECK(refused("SELECT 1; /* ..", "cut off"));
    CHECK(refused("COPY t FROM stdin;\n1\n", "cut off"));
    CHECK(refused("COPY t FROM stdin;\n1\n\\.", "cut off"));
    CHECK(refused("-- nothing\n", "no dump"));
    CHECK(refused("\n", "no dump"));
}

TEST_CASE("two dumps in one stream have to be whole both") {
    CHECK(said(dump + dump).empty());
    CHECK(refused(dump + dump.substr(0, dump.find("ALTER TABLE")), "last line is missing"));
}

TEST_CASE("backslash commands are refused wherever psql would run them") {
    for (const std::string command :
         {"\\! id\n", "\\connect other\n", "\\c other\n", "\\i /etc/passwd\n", "\\copy t from x\n",
          "\\o |sh\n", "\\set a b\n", "\\gexec\n", "\\;\n", "\\.\n", "\\\n", "\\restrict a b; c\n",
          "\\\\\n"}) {
        CAPTURE(command);
        CHECK(refused("SELECT 1;\n" + command, "command"));
        CHECK(refused("SELECT 1 " + command, "command"));
        CHECK(refused("SELECT 'a' " + command + ";", "command"));
    }
    CHECK(refused("SELECT 1 \\restrict abc\n;", "command"));
    CHECK(refused("SELECT E'a\\'b' \\! id\n", "command"));
    CHECK(refused("SELECT 'a\\' \\! id\n", "command"));
    CHECK(refused("SELECT $a$ $b$ $a$ \\! id\n", "command"));
    CHECK(refused("SELECT a$b$ \\! id\n", "command"));
    CHECK(refused("/* /* */ */ \\! id\n", "command"));
    CHECK(refused("/*/ */ \\! id\n", "command"));
    CHECK(refused("-- x\n\\! id\n", "command"));
    CHECK(refused("-- x\r\\! id\n", "command"));
    CHECK(refused("SELECT 1 -\\! id\n", "command"));
    CHECK(refused("SELECT 1 /\\! id\n", "command"));
    CHECK(refused("COPY t FROM stdin;\n\\.\n\\! id\n", "command"));
    CHECK(refused("COPY t FROM stdin;\r\n1\r\n\\.\r\n\\! id\n", "command"));
}

TEST_CASE("what stands in texts, names, bodies, comments and data is left alone") {
    for (const std::string script :
         {"SELECT '\\! id';",
          "SELECT E'\\\\';",
          "SELECT E'a\\'\\! id';",
          "SELECT e'a''\\'\\! id';",
          "SELECT E'a'\n  '\\'\\! id';",
          "SELECT E'a' -- then\n  '\\'\\! id';",
          "SELECT \"\\! id\";",
          "SELECT \"a\"\"\\!\";",
          "SELECT $$\\! id$$;",
          "SELECT $a$ $b$ \\! $a$;",
          "SELECT $a$ $ab$ $a $$a$;",
          "SELECT $a$ $b$a$;",
          "SELECT $1, $2;",
          "-- \\! id\nSELECT 1;",
          "/* \\! id\n /* */ \\connect x\n */SELECT 1;",
          "SELECT 'DROP DATABASE x';",
          "CREATE TABLE database (role int);",
          "SELECT 1; -- DROP DATABASE x;\n",
          "SELECT 1 AS a$x$ , 2 AS b$x$;",
          "SELECT 'it''s', U&'\\0041', B'01', N'x';",
          "COPY t FROM stdin;\n\\! id\n\\.\\.\n\\N\n\n\\\n\\.x\n'\"$$/*\n\\.\n",
          "COPY t TO stdout;\nSELECT 1;",
          "CREATE USER MAPPING FOR public SERVER s;"}) {
        CAPTURE(script);
        CHECK(said(script).empty());
    }
}

TEST_CASE("with standard_conforming_strings off a backslash keeps a text open") {
    const std::string off = "SET standard_conforming_strings = off;\n";
    CHECK(said(off + "SELECT 'a\\'\\! id';").empty());
    CHECK(refused(off + "SELECT 'a' \\! id\n", "command"));
    CHECK(
        refused(off + "SET standard_conforming_strings TO on;\nSELECT 'a\\' \\! id\n", "command"));
    CHECK(said("SET SESSION standard_conforming_strings = off;\nSELECT '\\'';").empty());
}

TEST_CASE("statements that leave the database are refused") {
    for (const std::string statement :
         {"CREATE DATABASE x;", "drop database x;", "ALTER DATABASE x SET a = b;", "CREATE ROLE x;",
          "ALTER ROLE postgres PASSWORD 'x';", "DROP ROLE x;", "CREATE USER x;",
          "ALTER USER \"x\" SET a = b;", "DROP USER IF EXISTS x;", "CREATE GROUP g;",
          "CREATE TABLESPACE t LOCATION '/x';", "ALTER SYSTEM SET a = b;",
          "/* x */ DROP /* y */ DATABASE -- z\n x;", "SELECT 1;DROP DATABASE x;"}) {
        CAPTURE(statement);
        CHECK(refused(statement, "line 1 of the dump"));
    }
    CHECK(refused("SELECT 1;\n\nDROP DATABASE x;", "line 3"));
    CHECK(refused("--\n-- PostgreSQL database cluster dump\n--\n", "cluster"));
}

TEST_CASE("a statement is refused before psql could run it") {
    std::string out;
    backup::Script reader{[&](std::string_view bytes) { out += bytes; }};
    reader.feed("SELECT 1;\nDROP DATABASE");
    CHECK_THROWS_AS(reader.feed(" shop"), Error);
    CHECK(out == "SELECT 1;\nDROP DATABASE");
}

TEST_CASE("COPY reads from the stream only") {
    for (const std::string statement :
         {"COPY t FROM '/etc/passwd';", "COPY t FROM PROGRAM 'id';", "COPY t TO PROGRAM 'sh';",
          "COPY t TO '/tmp/x';", "COPY t FROM E'/etc/passwd';", "COPY t FROM U&'/etc/passwd';",
          "COPY t FROM $$/etc/passwd$$;", "COPY (SELECT a FROM t) TO PROGRAM 'sh';",
          "copy t (a, b) from program 'id';"}) {
        CAPTURE(statement);
        CHECK(refused(statement, "COPY with a file or a program"));
    }
    CHECK(said("COPY t FROM STDIN WITH (FORMAT csv);\n1,2\n\\.\n").empty());
    CHECK(said("COPY (SELECT a FROM t) TO stdout;").empty());
    CHECK(said("COPY t FROM stdin WHERE a IS DISTINCT FROM b;\n1\n\\.\n").empty());
    CHECK(refused("COPY t FROM stdout;\n\\! id\n", "cut off"));
    CHECK(refused("COPY t FROM stdin; SELECT 1;\n1\n\\.\n", "goes on after COPY"));
    CHECK(refused("COPY t FROM stdin;\n\\.\r\r\n\\! id\n", "cut off"));
}

TEST_CASE("a statement ends where psql ends it") {
    // Were it taken to end earlier, the line with the command would pass for data.
    CHECK(refused("CREATE RULE r AS ON INSERT TO t DO (SELECT 1; COPY t FROM stdin;\n\\! id\n\\.\n",
                  "command"));
    CHECK(refused(
        "CREATE FUNCTION f() RETURNS int BEGIN ATOMIC SELECT 1; COPY t FROM stdin;\n\\! id\n\\.\n",
        "command"));
    const std::string body =
        "CREATE OR REPLACE FUNCTION f(a int) RETURNS int\nBEGIN ATOMIC\n SELECT CASE WHEN a > 0 "
        "THEN 1 ELSE 2 END;\n"
        " SELECT 2;\nEND;\n";
    CHECK(said(body).empty());
    CHECK(refused(body + "DROP DATABASE x;", "line 6"));
    CHECK(said("BEGIN;\nSELECT 1;\nEND;\n").empty());
    CHECK(refused("BEGIN;\nDROP DATABASE x;\n", "line 2"));
}

TEST_CASE("a NUL byte is refused, and a byte order mark dropped") {
    CHECK(refused(std::string("SELECT 1;\nSELECT '\0';", 20), "NUL"));
    CHECK(passed("\xef\xbb\xbfSELECT 1;") == "SELECT 1;");
    CHECK_THROWS_AS(passed("\xef\xbb\xbf"
                           "DROP DATABASE x;"),
                    Error);
    CHECK(said("\xef\xbb\xbfSELECT 1;").empty());
    CHECK(refused("\xef\xbb", "cut off"));
    // psql would drop a second one, and run what follows it
    CHECK(
        refused("\xef\xbb\xbf\xef\xbb\xbf"
                "DROP DATABASE x;",
                "byte order mark"));
    CHECK(
        refused("\\restrict a\n\xef\xbb\xbf"
                "DROP DATABASE x;",
                "byte order mark"));
}

TEST_CASE("numbers that run into letters do not open a text of their own") {
    CHECK(refused("SELECT 1e'x\\' \\! id\n", "number"));
    CHECK(refused("SELECT 1e-- \\! id\n", "number"));
    CHECK(refused("SELECT :e'\\' \\! id\n", "variable"));
    CHECK(refused("SELECT :a$b$ \\! id\n", "variable"));
    CHECK(refused("SELECT :1e$b$ \\! id\n", "variable"));
    CHECK(said("SELECT 1e-5, 1-- one\n, a[1:b], 'a'::text, '1'::e, x'1f'::int, 2.5e--3;")
              .find("number") != std::string::npos);
    CHECK(said("SELECT 1e-5, 1-- one\n, a[1:b], a[b:c], 'a'::text, 'b'::e, 1 :: int;").empty());
    CHECK(said("SELECT 1.5e10, 0x1F, 1_000, 2$$text$$;").empty());
}

TEST_CASE("statements that only name an owner are left out, and lines keep their numbers") {
    const auto left = [](const std::string& statement) {
        const std::string script = "SELECT 1;\n" + statement + "\nSELECT 2;\n";
        const std::string once = passed(script);
        for (const std::size_t piece : {1U, 2U, 3U, 7U, 20U}) {
            CAPTURE(script, piece);
            CHECK(passed(script, piece) == once);
        }
        return once.substr(10, once.size() - 21);
    };
    for (const std::string statement :
         {"ALTER TABLE public.t OWNER TO stranger;", "alter table only a.\"B c\" owner to \"X y\";",
          "ALTER FUNCTION s.f(integer, owner text) OWNER TO stranger;",
          "ALTER SCHEMA public OWNER TO pg_database_owner;", "ALTER TABLE owner OWNER TO owner;",
          "ALTER OPERATOR s.+ (integer, NONE) OWNER TO x;", "ALTER LARGE OBJECT 42 OWNER TO x;",
          "ALTER EVENT TRIGGER e OWNER /* so */ TO x;"}) {
        CAPTURE(statement);
        CHECK(left(statement).empty());
    }
    CHECK(left("ALTER TABLE t\n  OWNER TO\n x;") == "\n\n");
    for (const std::string statement :
         {"ALTER TABLE t RENAME COLUMN owner TO boss;", "ALTER TABLE t RENAME owner TO boss;",
          "ALTER TABLE t ADD COLUMN a int, OWNER TO x;",
          "ALTER TABLE t OWNER TO x, ADD COLUMN a int;", "ALTER FUNCTION f() SET owner TO x;",
          "ALTER TABLE t ALTER COLUMN a SET DEFAULT 'OWNER TO x';",
          "COMMENT ON TABLE t IS 'x'; -- OWNER TO x", "CREATE TABLE owner (\"TO\" int);",
          "SELECT 1 AS owner;", "CREATE EXTENSION IF NOT EXISTS hstore WITH SCHEMA s;",
          "COMMENT ON EXTENSION hstore IS 'x';"}) {
        CAPTURE(statement);
        CHECK(left(statement) == statement);
    }
    const std::string longer = "ALTER TABLE " + std::string(70000, 'a') + " OWNER TO x;";
    CHECK(left(longer) == longer);
    CHECK(refused("ALTER TABLE t OWNER TO x;", "no dump"));
    CHECK(refused("ALTER TABLE t OWNER TO x", "cut off"));
}

TEST_CASE("what is said about extensions is put for a role without rights") {
    const auto called = [](const std::string& script) {
        std::string once;
        for (const std::size_t piece : {100000U, 1U, 2U, 7U, 20U}) {
            std::string out;
            backup::Script reader{[&](std::string_view bytes) { out += bytes; },
                                  backup::Script::Extensions::called};
            for (std::size_t at = 0; at < script.size(); at += piece)
                reader.feed(std::string_view{script}.substr(at, piece));
            reader.finish();
            if (once.empty()) once = out;
            CAPTURE(script, piece);
            CHECK(out == once);
        }
        return once;
    };
    CHECK(called("SET a = 1;\nCREATE EXTENSION IF NOT EXISTS \"uuid-ossp\" WITH SCHEMA public;\n\n"
                 "COMMENT ON EXTENSION \"uuid-ossp\" IS 'it''s;\n';\nSELECT 1;\n") ==
          "SET a = 1;\nSELECT dokku_postgres_import.extend('uuid-ossp','public');\n\n\n\nSELECT "
          "1;\n");
    for (const std::string statement :
         {"CREATE EXTENSION hstore;", "CREATE EXTENSION hstore CASCADE;",
          "CREATE TABLE extension (i int);", "COMMENT ON TABLE extension IS 'EXTENSION';",
          "COMMENT ON COLUMN t.extension IS NULL;", "CREATE EXTENSION a WITH SCHEMA b CASCADE;"}) {
        CAPTURE(statement);
        CHECK(called(statement) == statement);
    }
}
