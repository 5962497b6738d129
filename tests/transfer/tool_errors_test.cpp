// What psql and pg_restore print, read line by line.
#include "transfer/tool_errors.h"

#include "fakes/catch.h"
#include "transfer/hints.h"
#include "transfer/script_tool.h"

namespace {

transfer::ToolErrors heard(const std::string& err, std::size_t piece = 100000) {
    transfer::ToolErrors complaints{1, "dokku-postgres-"};
    for (std::size_t at = 0; at < err.size(); at += piece)
        complaints.read(std::string_view{err}.substr(at, piece));
    complaints.end();
    return complaints;
}

}  // namespace

TEST_CASE("psql's errors have a line of the dump, the server's words and the statement") {
    const std::string err =
        "psql:<stdin>:3: NOTICE:  table \"x\" does not exist, skipping\n"
        "psql:<stdin>:7: ERROR:  duplicate key value violates unique constraint \"t_pkey\"\n"
        "DETAIL:  Key (i)=(1) already exists.\n"
        "CONTEXT:  COPY t, line 2\n"
        "psql:<stdin>:7: STATEMENT:  INSERT INTO t\nVALUES (1, 'secret');\n"
        "psql:<stdin>:8: WARNING:  odd\n"
        "psql:<stdin>:9: ERROR:  syntax error at or near \"x\"\nLINE 1: x;\n        ^\n"
        "psql:<stdin>:9: STATEMENT:  x;\ndokku-postgres-0123\n";
    for (const std::size_t piece : {100000U, 1U, 7U}) {
        const auto complaints = heard(err, piece);
        CHECK(complaints.count() == 2);
        CHECK(complaints.last_line() == 9);
        REQUIRE(complaints.first().size() == 2);
        CHECK(headline(complaints.first()[0]) ==
              "line 6: duplicate key value violates unique constraint \"t_pkey\"");
        CHECK(explanation(complaints.first()[0]) ==
              "DETAIL:  Key (i)=(1) already exists.\nCONTEXT:  COPY t, line 2\n"
              "STATEMENT:  INSERT INTO t VALUES (1, '..');");
        CHECK(headline(complaints.first()[1]) == "line 8: syntax error at or near \"x\"");
        CHECK(explanation(complaints.first()[1]) == "STATEMENT:  x;");
    }
}

TEST_CASE("pg_restore's errors name the entry") {
    const auto complaints = heard(
        "pg_restore: connecting to database for restore\n"
        "pg_restore: creating TABLE \"public.a\"\n"
        "pg_restore: while PROCESSING TOC:\n"
        "pg_restore: from TOC entry 215; 1259 16386 TABLE a b postgres\n"
        "pg_restore: error: could not execute query: ERROR:  relation \"a\" already exists\n"
        "Command was: CREATE TABLE public.a (\n    i integer\n);\n\n\n"
        "pg_restore: from TOC entry 3; 0 1 TABLE DATA t postgres\n"
        "pg_restore: error: COPY failed for table \"t\": ERROR:  invalid input\n"
        "CONTEXT:  COPY t, line 1, column i: \"x\"\n"
        "pg_restore: warning: errors ignored on restore: 2\n");
    CHECK(complaints.count() == 2);
    CHECK(headline(complaints.first()[0]) == "TABLE a b: relation \"a\" already exists");
    CHECK(complaints.first()[0].statement == "CREATE TABLE public.a ( i integer );");
    CHECK(headline(complaints.first()[1]) == "TABLE DATA t: invalid input");
    CHECK(explanation(complaints.first()[1]) == "CONTEXT:  COPY t, line 1, column i: \"x\"");
}

TEST_CASE("what comes takes no memory without an end") {
    std::string err;
    for (int i = 0; i < 5000; ++i) {
        err += "psql:<stdin>:" + std::to_string(i + 2) + ": ERROR:  " + std::string(5000, 'x') +
               "\npsql:<stdin>:1: STATEMENT:  " + std::string(9000, 'y') + "\n";
    }
    const auto complaints = heard(err);
    CHECK(complaints.count() == 5000);
    CHECK(complaints.first().size() == 20);
    CHECK(headline(complaints.first()[0]).size() < 400);
    CHECK(explanation(complaints.first()[0]).size() < 400);
    CHECK(heard("").count() == 0);
    CHECK(heard("error: the connection to the container was lost\n").count() == 0);
}

TEST_CASE("passwords are not shown") {
    CHECK(transfer::beginning_of(
              "CREATE SUBSCRIPTION s CONNECTION 'host=x password=y' PUBLICATION p;") ==
          "CREATE SUBSCRIPTION s CONNECTION '..' PUBLICATION p;");
    CHECK(transfer::beginning_of("ALTER ROLE x PASSWORD $$secret$$; -- 'other'") ==
          "ALTER ROLE x PASSWORD '..';");
    CHECK(transfer::beginning_of("INSERT INTO t VALUES ('it''s open") ==
          "INSERT INTO t VALUES ('..'");
    CHECK(transfer::without_passwords("host=a password=b c") == "host=a password=******** c");
    CHECK(transfer::without_passwords("to postgres://u:p@h/d and x") ==
          "to postgres://u:********@h/d and x");
    CHECK(transfer::without_passwords("http://h/a:b@c") == "http://h/a:b@c");
    CHECK(transfer::without_passwords("PASSWORD 'x y'") == "PASSWORD '********'");
}

TEST_CASE("advice on what the server says") {
    const auto hint = [](const char* message, transfer::HintContext given = {.service = "shop"}) {
        return transfer::hint_for(message, given).text;
    };
    const auto has = [&](const char* message, const std::string& part) {
        CAPTURE(message, hint(message));
        return hint(message).find(part) != std::string::npos;
    };
    CHECK(has("type \"public.citext\" does not exist", "--extension citext ..'"));
    CHECK(has("type \"heroku_ext.citext[]\" does not exist", "--extension citext:heroku_ext ..'"));
    CHECK(has("function public.uuid_generate_v4() does not exist", "--extension uuid-ossp ..'"));
    CHECK(has("operator class \"public.gin_trgm_ops\" does not exist for access method \"gin\"",
              "--extension pg_trgm ..'"));
    CHECK(hint("type \"public.mood\" does not exist").empty());
    CHECK(has("schema \"tiger\" does not exist", "--schema tiger ..'"));
    CHECK(has("role \"anon\" does not exist", "-c 'create role anon nologin'"));
    CHECK(has("permission denied to create event trigger \"e\"", "--trusted"));
    CHECK(has("extension \"postgis\" is not available", "--image"));
    CHECK(has("extension \"postgis\" is not available", "--allow-errors"));
    CHECK(
        has("could not access file \"$libdir/postgis-1.5\": No such file or directory", "--image"));
    CHECK(has("relation \"public.b\" does not exist", "--merge ..'. To leave out what needs it"));
    CHECK(
        hint("relation \"public.b\" does not exist", {.service = "shop", .merging = true}).empty());
    const auto rows = transfer::hint_for("relation \"public.a\" does not exist",
                                         {.service = "shop", .only_rows = true});
    CHECK(rows.code == Exit::refused);
    CHECK(rows.text.find("--merge") != std::string::npos);
}

TEST_CASE("an error in an enclosed statement is shown without the enclosure") {
    const std::string statement = transfer::enclosed("INSERT INTO t\nVALUES ('secret');");
    CHECK(transfer::without_enclosure(statement) == "INSERT INTO t\nVALUES ('secret');");
    CHECK_FALSE(transfer::without_enclosure("DO $merge_ab$BEGIN EXECUTE $dump_"));
    CHECK_FALSE(transfer::without_enclosure("SELECT 1;"));
    const auto complaints = heard(
        "psql:<stdin>:7: ERROR:  duplicate key value violates unique constraint \"t_pkey\"\n"
        "DETAIL:  Key (i)=(1) already exists.\n"
        "CONTEXT:  SQL statement \"INSERT INTO t\nVALUES ('secret');\"\n"
        "PL/pgSQL function inline_code_block line 1 at EXECUTE\n"
        "psql:<stdin>:7: STATEMENT:  " +
        statement + "\n");
    REQUIRE(complaints.first().size() == 1);
    CHECK(explanation(complaints.first()[0]) ==
          "DETAIL:  Key (i)=(1) already exists.\nSTATEMENT:  INSERT INTO t VALUES ('..');");
}
