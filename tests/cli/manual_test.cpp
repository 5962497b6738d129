// The overview of all commands, and what can be asked about.
#include "cli/manual.h"

#include "error/error.h"
#include "fakes/catch.h"

TEST_CASE("the overview sets the collected rows in two columns", "[cli]") {
    const std::string text = cli::overview(
        "    postgres:create <service>, create a service\n"
        "    postgres:list, list all services\n"
        "not a row\n");
    CHECK(text.find("    postgres:create <service>  create a service\n"
                    "    postgres:list              list all services\n") != std::string::npos);
    CHECK(text.find("not a row") == std::string::npos);
}

TEST_CASE("rows that are not there are no rows", "[cli]") {
    CHECK(cli::rows("/nonexistent").empty());
}

TEST_CASE("only names of commands are looked up", "[cli]") {
    for (const char* name :
         {"../commands", "create/../x", "Create", "-x", "a b", "nope", "postgres:"})
        CHECK_THROWS_AS(cli::show_manual("/nonexistent", name), Error);
}
