// What import decides before a server is asked.
#include "transfer/import.h"

#include <algorithm>

#include "error/error.h"
#include "fakes/catch.h"
#include "transfer/disk_space.h"
#include "transfer/pg_restore.h"
#include "transfer/staging_database.h"

TEST_CASE("the reason is the first error, on one line and without escapes") {
    CHECK(
        transfer::reason_of(
            "psql:<stdin>:3: NOTICE:  x\npsql:<stdin>:7: ERROR:  no \x1b[31mtable\nLINE 1: x\n") ==
        "psql:<stdin>:7: ERROR:  no table");
    CHECK(transfer::reason_of("pg_restore: error: could not read from input file: end of file\n") ==
          "pg_restore: error: could not read from input file: end of file");
    CHECK(transfer::reason_of("something\nodd\n\n") == "odd");
    CHECK(transfer::reason_of("") == "no reason given");
}

TEST_CASE("only names that nobody chooses are left-overs") {
    CHECK(transfer::is_left_over("dokku_postgres_new_0123456789abcdef"));
    CHECK(transfer::is_left_over("dokku_postgres_old_0123456789abcdef"));
    CHECK_FALSE(transfer::is_left_over("dokku_postgres_new_0123456789abcde"));
    CHECK_FALSE(transfer::is_left_over("dokku_postgres_new_0123456789abcdeg"));
    CHECK_FALSE(transfer::is_left_over("dokku_postgres_new_0123456789ABCDEF"));
    CHECK_FALSE(transfer::is_left_over("dokku_postgres_old_0123456789abcdef0"));
    CHECK_FALSE(transfer::is_left_over("shop"));
    CHECK_FALSE(transfer::is_left_over(""));
}

TEST_CASE("the memory for indexes is a share of the container's") {
    const auto memory_of = [](long limit) {
        const auto settings = transfer::filling_settings(limit);
        return *std::find_if(settings.begin(), settings.end(), [](const auto& one) {
            return one.starts_with("maintenance_work_mem=");
        });
    };
    CHECK(memory_of(64L << 20) == "maintenance_work_mem=65536kB");
    CHECK(memory_of(1024L << 20) == "maintenance_work_mem=131072kB");
}

TEST_CASE("several sessions share the memory for indexes and start no helpers in turn") {
    const auto has = [](long limit, int jobs, const char* setting) {
        const auto settings = transfer::filling_settings(limit, jobs);
        return std::find(settings.begin(), settings.end(), setting) != settings.end();
    };
    CHECK(has(1024L << 20, 4, "maintenance_work_mem=32768kB"));
    CHECK(has(64L << 20, 64, "maintenance_work_mem=16384kB"));
    CHECK(has(2048L << 20, 2, "maintenance_work_mem=131072kB"));
    CHECK(has(0, 2, "max_parallel_maintenance_workers=1"));
    CHECK_FALSE(has(0, 1, "max_parallel_maintenance_workers=1"));
}

TEST_CASE("without a number there are several sessions, and not many") {
    CHECK(transfer::default_jobs() >= 1);
    CHECK(transfer::default_jobs() <= 64);
}

TEST_CASE("room is measured where the data are") {
    service::Service service;
    service.name = "shop";
    service.folder = "/tmp";
    CHECK_THROWS_AS(transfer::require_disk_space(service, std::uint64_t{1} << 60), Error);
    service.folder = "/proc";  // a file system without room of its own
    CHECK_THROWS_AS(transfer::require_disk_space(service), Error);
}
