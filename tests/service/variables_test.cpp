// Which variables belong to a link, and what they must hold.

#include "service/variables.h"

#include "error/error.h"
#include "fakes/catch.h"
#include "fakes/world.h"

using fakes::World;

namespace {

const std::string url = "postgres://postgres:secret@dokku-postgres-my-db:5432/my_db";

service::Service my_db(World& world) {
    const auto made = world.add_service("my_db");
    World::write(made.file("DATABASE_NAME"), "my_db\n");
    return made;
}

}  // namespace

TEST_CASE("a URL is computed from the record and the service", "[variables]") {
    World world;
    const auto db = my_db(world);
    CHECK(to_string(service::url_of(db)) == url);
    CHECK(to_string(service::url_of(db, {.name = "X", .scheme = "", .querystring = "pool=5"},
                                    {})) == url + "?pool=5");
    const host::Config config = {{"POSTGRES_DATABASE_SCHEME", "postgres2"}};
    const service::Variable plain{.name = "X", .scheme = "", .querystring = ""};
    const service::Variable own{.name = "X", .scheme = "postgis", .querystring = ""};
    CHECK(service::url_of(db, plain, config).scheme == "postgres2");
    CHECK(service::url_of(db, own, config).scheme == "postgis");
}

TEST_CASE("a service without a file DATABASE_NAME has a database of its own name", "[variables]") {
    World world;
    CHECK(service::database_of(world.add_service("a.b")) == "a.b");
}

TEST_CASE("a password with anything in it is encoded", "[variables]") {
    World world;
    const auto db = my_db(world);
    World::write(db.file("PASSWORD"), "p@ss/w?x#y z\n");
    CHECK(to_string(service::url_of(db)) ==
          "postgres://postgres:p%40ss%2Fw%3Fx%23y%20z@dokku-postgres-my-db:5432/my_db");
}

TEST_CASE("the official plugin's variables are found by their host, not by their password",
          "[variables]") {
    World world;
    const auto db = my_db(world);
    const host::Config config = {
        {"DATABASE_URL", "postgres://postgres:old@dokku-postgres-my-db:5432/my_db"},
        {"DOKKU_POSTGRES_AQUA_URL", "postgis://postgres:x@dokku-postgres-my-db:5432/my_db?pool=5"},
        {"ODD_URL", "postgres://postgres:p@ss/w?x#y@dokku-postgres-my-db:5432/my_db?a=b@c"},
        {"OTHER_DATABASE", "postgres://postgres:x@dokku-postgres-my-db:5432/other"},
        {"OTHER_HOST", "postgres://postgres:x@dokku-postgres-my-db2:5432/my_db"},
        {"OTHER_USER", "postgres://web:x@dokku-postgres-my-db:5432/my_db"},
        {"TEXT", "see dokku-postgres-my-db"},
    };
    const auto found = service::discover(db, config);
    REQUIRE(found.size() == 3);
    CHECK(found[0] == service::Variable{.name = "DATABASE_URL", .scheme = "", .querystring = ""});
    CHECK(found[1] == service::Variable{.name = "DOKKU_POSTGRES_AQUA_URL",
                                        .scheme = "postgis",
                                        .querystring = "pool=5"});
    CHECK(found[2] == service::Variable{.name = "ODD_URL", .scheme = "", .querystring = "a=b@c"});
}

TEST_CASE("the app's own scheme is not written into what is found", "[variables]") {
    World world;
    const auto db = my_db(world);
    const host::Config config = {
        {"DATABASE_URL", "pg2://postgres:x@dokku-postgres-my-db:5432/my_db"},
        {"POSTGRES_DATABASE_SCHEME", "pg2"},
    };
    CHECK(service::discover(db, config).at(0).scheme.empty());
}

TEST_CASE("links.yml goes before what the config seems to say", "[variables]") {
    World world;
    const auto db = my_db(world);
    service::write_link_detail(
        db,
        {.app = "web", .variables = {{.name = "REPORTING_URL", .scheme = "", .querystring = ""}}});
    const host::Config config = {{"DATABASE_URL", url}};
    const auto link = service::link_of(db, "web", config);
    REQUIRE(link.variables.size() == 1);
    CHECK(link.variables[0].name == "REPORTING_URL");
    CHECK(service::differing(db, link, config) == host::Config{{"REPORTING_URL", url}});
    CHECK(service::differing(db, link, {{"REPORTING_URL", url}}).empty());
    CHECK(service::link_of(db, "api", config).variables.at(0).name == "DATABASE_URL");
}

TEST_CASE("colours are given out in order until there is none", "[variables]") {
    CHECK(service::free_colour({}) == "DOKKU_POSTGRES_AQUA_URL");
    CHECK(service::free_colour({"DOKKU_POSTGRES_AQUA_URL"}) == "DOKKU_POSTGRES_BLACK_URL");
    std::vector<std::string> taken;
    for (int i = 0; i < 16; ++i) taken.push_back(service::free_colour(taken));
    CHECK(taken.back() == "DOKKU_POSTGRES_YELLOW_URL");
    CHECK_THROWS_AS(service::free_colour(taken), Error);
}
