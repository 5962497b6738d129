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

TEST_CASE("a mistyped command has near ones", "[cli]") {
    const std::string rows =
        "    postgres:create <service> [--create-flags...], create a service\n"
        "    postgres:export <service>, export\n"
        "    postgres:expose <service>, expose\n"
        "    postgres:list, list all services\n"
        "    postgres:unlink <service>, unlink\n";
    using Names = std::vector<std::string>;
    CHECK(cli::near_commands(rows, "creat") == Names{"create"});
    CHECK(cli::near_commands(rows, "postgres:craete") == Names{"create"});
    CHECK(cli::near_commands(rows, "exporse") == Names{"expose"});
    CHECK(cli::near_commands(rows, "exp") == Names{"export", "expose"});
    CHECK(cli::near_commands(rows, "lst") == Names{"list"});
    CHECK(cli::near_commands(rows, "unlnik") == Names{"unlink"});
    CHECK(cli::near_commands(rows, "postgres:nonsense").empty());
    CHECK(cli::near_commands(rows, "postgres:").empty());
    CHECK(cli::near_commands(rows, "li").empty());
    CHECK(cli::near_commands(rows, "list").empty());
    CHECK(cli::near_commands("", "creat").empty());
}
