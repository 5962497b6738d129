// Plain dumps as psql would read them.
#include "dump/plain_dump_filter.h"

#include "error/error.h"
#include "fakes/catch.h"

namespace {

std::string passed(const std::string& script, std::size_t piece = 100000) {
    std::string out;
    dump::PlainDumpFilter reader{[&](std::string_view bytes) { out += bytes; }};
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

const std::string whole_dump =
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
    CHECK(said(whole_dump).empty());
    auto expected = whole_dump;
    for (const std::string line : {"\\restrict abcDEF123", "\\unrestrict abcDEF123"}) {
        expected.erase(expected.find(line), line.size());
    }
    for (const std::size_t piece : {1U, 2U, 5U, 64U, 100000U}) {
        CAPTURE(piece);
        CHECK(passed(whole_dump, piece) == expected);
    }
}

TEST_CASE("a dump that is cut off is refused, or not taken for one with its last line") {
    const auto complete = whole_dump.find("dump complete") + std::string("dump complete").size();
    for (std::size_t size = 0; size < complete; ++size) {
        CAPTURE(size);
        dump::PlainDumpFilter reader{[](std::string_view) {}};
        bool whole = false;
        try {
            reader.feed(std::string_view{whole_dump}.substr(0, size));
            whole = reader.finish();
        } catch (const Error&) {
            continue;
        }
        // between two statements
        CHECK_FALSE(whole);
    }
    CHECK_NOTHROW(passed(whole_dump.substr(0, complete)));
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
    CHECK(said(whole_dump + whole_dump).empty());
    CHECK(
        refused(whole_dump + whole_dump.substr(0, whole_dump.find("ALTER TABLE") + 9), "cut off"));
}

TEST_CASE("backslash commands are refused wherever psql would run them") {
    for (const std::string command :
         {"\\! id\n", "\\connect other\n", "\\c other\n", "\\i /etc/passwd\n", "\\copy t from x\n",
          "\\o |sh\n", "\\set a b\n", "\\gexec\n", "\\;\n", "\\.\n", "\\\n", "\\\\\n"}) {
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
          "/* x */ DROP /* y */ DATABASE /* z */ x;", "SELECT 1;DROP DATABASE x;"}) {
        CAPTURE(statement);
        CHECK(refused(statement, "line 1 of the dump"));
    }
    CHECK(refused("SELECT 1;\n\nDROP DATABASE x;", "line 3"));
    CHECK(refused("--\n-- PostgreSQL database cluster dump\n--\n", "cluster"));
}

TEST_CASE("nothing of a statement is passed on before it is known whole") {
    std::string out;
    dump::PlainDumpFilter reader{[&](std::string_view bytes) { out += bytes; }};
    reader.feed("SELECT 1;\nDROP DATABASE");
    CHECK(out == "SELECT 1;\n");
    CHECK_THROWS_AS(reader.feed(" shop;"), Error);
    CHECK(out == "SELECT 1;\n");
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
    // of a second file
    CHECK(
        refused("\xef\xbb\xbf\xef\xbb\xbf"
                "DROP DATABASE x;",
                "byte order mark"));
    CHECK(
        refused("\\restrict a\n\xef\xbb\xbf"
                "DROP DATABASE x;",
                "byte order mark"));
}

TEST_CASE("numbers and what psql may take for a variable are read as the server does") {
    CHECK(refused("SELECT 1e'\\'; DROP DATABASE x;", "cut off"));
    CHECK(refused("SELECT a[1:e'\\'; COMMIT; SELECT ''];\n", "cut off"));
    CHECK(refused("SELECT a[1:a$b$]; DROP DATABASE x;", "about a database"));
    CHECK(said("SELECT 1e-5, 1-- one\n, a[1:b], a[b:c], 'a'::text, 'b'::e, 1 :: int;").empty());
    CHECK(said("SELECT 1.5e10, 0x1F, 1_000, 2$$text$$;").empty());
}

TEST_CASE("statements become what they are changed to, whatever the pieces, and lines stay") {
    const auto changed = [](const std::string& script) {
        std::string once;
        for (const std::size_t piece : {100000U, 1U, 2U, 7U, 20U}) {
            std::string out;
            std::string seen;
            dump::PlainDumpFilter reader{
                [&](std::string_view bytes) { out += bytes; },
                [&](std::string_view statement) -> std::optional<std::string> {
                    seen += "[" + std::string{statement} + "]";
                    if (statement.starts_with("GONE") || statement.starts_with("COPY gone"))
                        return "";
                    if (statement.starts_with("OTHER")) return "SELECT 7;";
                    return {};
                }};
            for (std::size_t at = 0; at < script.size(); at += piece)
                reader.feed(std::string_view{script}.substr(at, piece));
            reader.finish();
            if (once.empty()) once = out + seen;
            CAPTURE(script, piece);
            CHECK(out + seen == once);
        }
        return once;
    };
    CHECK(changed("SELECT 1;\nGONE;\nSELECT 2;\n") ==
          "SELECT 1;\n\nSELECT 2;\n[SELECT 1;][GONE;][SELECT 2;]");
    CHECK(changed("GONE\n a\n\n b; OTHER\nx;\n") ==
          "\n\n\n SELECT 7;\n\n[GONE\n a\n\n b;][OTHER\nx;]");
    CHECK(changed("COPY gone FROM stdin;\n1\n\\! id\n\\.\nSELECT 2;") ==
          "\n\n\n\nSELECT 2;[COPY gone FROM stdin;][SELECT 2;]");
    CHECK(changed("COPY t FROM stdin;\n1\n\\.\nSELECT 2;") ==
          "COPY t FROM stdin;\n1\n\\.\nSELECT 2;[COPY t FROM stdin;][SELECT 2;]");
    CHECK(changed("-- x\n/* y */ GONE;") == "-- x\n/* y */ [GONE;]");
    // as long as none would be held in memory: what is asked about is its beginning
    const std::string longer = "SELECT '" + std::string(70000, 'a');
    CHECK(changed(longer + "';GONE;SELECT 1;") ==
          longer + "';SELECT 1;[" + longer.substr(0, 65536) + "][GONE;][SELECT 1;]");
}

TEST_CASE("a statement that is too long to be changed is refused where it would be") {
    for (const std::size_t piece : {100000U, 1000U, 70000U}) {
        dump::PlainDumpFilter reader{[](std::string_view) {},
                                     [](std::string_view statement) -> std::optional<std::string> {
                                         if (statement.starts_with("COMMIT")) return "";
                                         return {};
                                     }};
        const std::string script = "SELECT 1;\nCOMMIT /*" + std::string(70000, ' ') + "*/;\n";
        const auto feed = [&] {
            for (std::size_t at = 0; at < script.size(); at += piece)
                reader.feed(std::string_view{script}.substr(at, piece));
        };
        CHECK_THROWS_AS(feed(), Error);
    }
}

TEST_CASE("rows may be left out when their COPY is through") {
    std::string out;
    std::string lines;
    dump::PlainDumpFilter reader{[&](std::string_view bytes) { out += bytes; }};
    reader.before_rows([&](std::size_t line) {
        CHECK(out.ends_with("stdin;\n"));
        lines += std::to_string(line) + " ";
        return line == 5;
    });
    reader.feed("COPY a FROM stdin;\n1\n2\n\\.\nCOPY b FROM stdin;\n3\n\\.\n");
    CHECK(reader.finish());
    CHECK(out == "COPY a FROM stdin;\n\n\n\\.\nCOPY b FROM stdin;\n3\n\\.\n");
    CHECK(lines == "1 5 ");
}

TEST_CASE("a dump without its last line is whole unless something is open or announced") {
    const auto whole = [](const std::string& script) {
        dump::PlainDumpFilter reader{[](std::string_view) {}};
        reader.feed(script);
        return reader.finish();
    };
    const std::string begin = "--\n-- PostgreSQL database dump\n--\n\n\\restrict abc\n";
    const std::string table = "--\n-- Name: t; Type: TABLE; Schema: public; Owner: -\n--\n\n";
    CHECK_FALSE(whole(begin + table + "CREATE TABLE t (i int);\n\n"));
    CHECK_FALSE(whole(begin + table + "CREATE TABLE t (i int); -- by hand\n"));
    CHECK_THROWS_AS(whole(begin + table + "CREATE TABLE t (i int);\n\n--"), Error);
    CHECK_THROWS_AS(whole(begin + "SELECT 1;\n" + table), Error);
    CHECK_THROWS_AS(whole(begin + "SELECT 1;\n-- Data for Name: t; Type: TABLE DATA"), Error);
    const std::string end = "SELECT 1;\n--\n-- PostgreSQL database dump complete\n--\n\n";
    CHECK(whole(begin + end + "\\unrestrict abc"));
    CHECK(whole(begin + end));
    CHECK_THROWS_AS(whole(begin + end + "\\connect x"), Error);
}

namespace {

std::string enclosed(const std::string& script, std::size_t piece) {
    std::string out;
    dump::PlainDumpFilter reader{[&](std::string_view bytes) { out += bytes; },
                                 [](std::string_view statement) -> std::optional<std::string> {
                                     if (statement == "BEGIN;") return "";
                                     return {};
                                 }};
    reader.enclose([] { return dump::PlainDumpFilter::Enclosure{"<", ">"}; });
    for (std::size_t at = 0; at < script.size(); at += piece)
        reader.feed(std::string_view{script}.substr(at, piece));
    reader.finish();
    return out;
}

}  // namespace

TEST_CASE("enclosed, nothing of a dump but rows stands outside") {
    const std::string longer(70000, 'x');
    for (const std::size_t piece : {100000UL, 1UL, 7UL, 1000UL}) {
        CAPTURE(piece);
        CHECK(enclosed("-- a\rCOMMIT;\n\\restrict x\nSELECT 1; /* b */ BEGIN;SELECT\n2;;\n",
                       piece) == "<COMMIT;>\n\n<SELECT 1;><SELECT\n2;>\n");
        CHECK(enclosed("COPY t\n(a) FROM stdin;\n-- row\n\\.\n-- no row\nSELECT 1;", piece) ==
              "\nCOPY \"t\" (\"a\") FROM stdin;\n-- row\n\\.\n\n<SELECT 1;>");
        CHECK(enclosed("SELECT '" + longer + "'; --\nEND;", piece) ==
              "<SELECT '" + longer + "';>\n<END;>");
    }
}

TEST_CASE("enclosed, a dump that is refused has given nothing outside") {
    const std::string longer(70000, ' ');
    for (const std::string script :
         {"COMMIT \\! id\n;", "COMMIT", "(SELECT 1);", "-1;", "/1;", "'a';", "$a$b$a$;",
          "COPY t FROM stdin WHERE a = 1;\n\\.\n", "COPY t", "COMMIT \\restrict x\n"}) {
        for (const std::size_t piece : {100000UL, 1UL}) {
            CAPTURE(script, piece);
            std::string out;
            dump::PlainDumpFilter reader{[&](std::string_view bytes) { out += bytes; }};
            reader.enclose([] { return dump::PlainDumpFilter::Enclosure{"<", ">"}; });
            const auto all = [&] {
                for (std::size_t at = 0; at < script.size(); at += piece)
                    reader.feed(std::string_view{script}.substr(at, piece));
                reader.finish();
            };
            CHECK_THROWS_AS(all(), Error);
            CHECK(out.find_first_not_of('\n') == std::string::npos);
        }
    }
    CHECK_THROWS_AS(enclosed("COPY t" + longer + "FROM stdin;\n\\.\n", 100000), Error);
    CHECK_THROWS_AS(enclosed("COPY t" + longer + "FROM stdin;\n\\.\n", 7), Error);
}
