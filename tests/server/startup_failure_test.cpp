// What a log says of failed starts.

#include "server/startup_failure.h"

#include "fakes/catch.h"

using server::startup_failure;
using server::without_repeats;

TEST_CASE("a failed start is told once, and counted", "[startup]") {
    const auto found = startup_failure(
        "PostgreSQL init process complete; ready for start up.\n"
        "2026-01-01 10:00:00.000 UTC [57] FATAL:  unrecognized configuration parameter \"nosuch\"\n"
        "pg_ctl: could not start server\n"
        "PostgreSQL Database directory appears to contain a database; Skipping initialization\n"
        "2026-01-01 10:00:01.000 UTC [1] FATAL:  unrecognized configuration parameter "
        "\"nosuch\"\n");
    CHECK(found.cause == "unrecognized configuration parameter \"nosuch\"");
    CHECK(found.details.empty());
    CHECK(found.times == 2);
}

TEST_CASE("what stands about a failure comes with it", "[startup]") {
    const auto file = startup_failure(
        "UTC [1] LOG:  starting PostgreSQL 17\n"
        "UTC [1] LOG:  invalid value for parameter \"work_mem\": \"x\"\n"
        "UTC [1] LOG:  syntax error in file \"/data/postgresql.conf\" line 3, near token \"y\"\n"
        "UTC [1] FATAL:  configuration file \"/data/postgresql.conf\" contains errors\n");
    CHECK(file.cause == "configuration file \"/data/postgresql.conf\" contains errors");
    CHECK(file.details ==
          "invalid value for parameter \"work_mem\": \"x\"\n"
          "syntax error in file \"/data/postgresql.conf\" line 3, near token \"y\"");
    const auto hinted = startup_failure(
        "[1] FATAL:  database files are incompatible with server\n"
        "[1] DETAIL:  The data directory was initialized by PostgreSQL version 17.\n"
        "something else\n");
    CHECK(hinted.details == "The data directory was initialized by PostgreSQL version 17.");
}

TEST_CASE("what a client was told, or an earlier life ended with, is no failed start",
          "[startup]") {
    CHECK(startup_failure("[9] FATAL:  the database system is starting up\n"
                          "[9] FATAL:  the database system is starting up\n"
                          "[8] FATAL:  password authentication failed for user \"postgres\"\n"
                          "[7] FATAL:  database \"db\" does not exist\n")
              .times == 0);
    CHECK(startup_failure("[1] FATAL:  could not create lock file\n"
                          "[1] LOG:  database system is ready to accept connections\n")
              .times == 0);
    CHECK(startup_failure("").times == 0);
    CHECK(startup_failure("FATAL:").cause.empty());
}

TEST_CASE("a log is shown without what it says again", "[startup]") {
    CHECK(without_repeats("one\r\n10:00 [1] LOG:  two\none\n10:01 [2] LOG:  two\n") ==
          "one\n10:01 [2] LOG:  two\n");
    CHECK(without_repeats("").empty());
}
