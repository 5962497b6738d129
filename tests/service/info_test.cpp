// What is told of a service.

#include "service/info.h"

#include <algorithm>

#include "fakes/catch.h"
#include "service/links.h"
#include "service/world.h"

using Catch::Matchers::Contains;
using fakes::World;

namespace {

std::string fact(const service::Facts& facts, const std::string& key) {
    for (const auto& [name, value] : facts) {
        if (name == key) return value;
    }
    return "no such fact";
}

}  // namespace

TEST_CASE("a running service is told with one engine call", "[info]") {
    World world;
    const auto db = world.add_service("db");
    const auto id = world.add_container(db).id;
    service::add_to_links(db, "web");
    service::add_to_links(db, "api");
    World::write(db.file("CONFIG_OPTIONS"), "-c max_connections=9\n");
    World::write(db.file("SERVICE_MEMORY"), "512\n");
    world.dokku.properties["db"]["post-create-network"] = "a,b";
    const auto facts = service::info(world.site, db);
    CHECK(world.engine.calls.size() == 1);
    CHECK(fact(facts, "dsn") == "postgres://postgres:********@dokku-postgres-db:5432/db");
    CHECK(fact(facts, "data-dir") == db.file("data").string());
    CHECK(fact(facts, "config-dir") == db.file("data").string());
    CHECK(fact(facts, "service-root") == db.folder.string());
    CHECK(fact(facts, "config-options") == "-c max_connections=9");
    CHECK(fact(facts, "id") == id);
    CHECK(fact(facts, "internal-ip") == "172.17.0.2");
    CHECK(fact(facts, "links") == "api web");
    CHECK(fact(facts, "exposed-ports") == "-");
    CHECK(fact(facts, "status") == "running");
    CHECK(fact(facts, "version") == "postgres:17");
    CHECK(fact(facts, "post-create-network") == "a,b");
    CHECK(fact(facts, "initial-network").empty());
    CHECK(fact(facts, "image") == "postgres");
    CHECK(fact(facts, "image-version") == "17");
    CHECK(fact(facts, "memory") == "512m");
}

TEST_CASE("a service without a container, a link or a password is told too", "[info]") {
    World world;
    const auto db = world.add_service("db");
    std::filesystem::remove(db.file("PASSWORD"));
    const auto facts = service::info(world.site, db);
    CHECK(fact(facts, "status") == "missing");
    CHECK(fact(facts, "links") == "-");
    CHECK(fact(facts, "dsn") == "-");
    CHECK(fact(facts, "internal-ip").empty());
    CHECK(fact(facts, "version") == "postgres:17");
}

TEST_CASE("ports are those that are really bound", "[info]") {
    World world;
    const auto db = world.add_service("db");
    world.add_container(db);
    World::write(db.file("PORT"), "127.0.0.1:5555\n");
    CHECK(fact(service::info(world.site, db), "exposed-ports") ==
          "5432->127.0.0.1:5555 (not bound)");
    auto& ambassador = world.engine.add(db.ambassador());
    ambassador.ports = {{.ip = "127.0.0.1", .host = 5555, .container = 5432}};
    CHECK(fact(service::info(world.site, db), "exposed-ports") == "5432->127.0.0.1:5555");
    ambassador.ports = {{.ip = "0.0.0.0", .host = 5555, .container = 5432},
                        {.ip = "::", .host = 5555, .container = 5432}};
    CHECK(fact(service::info(world.site, db), "exposed-ports") == "5432->5555");
}

TEST_CASE("the table has the official plugin's columns", "[info]") {
    CHECK(service::table({{"config-dir", "/a"}, {"post-create-network", "x"}}) ==
          "       Config dir:          /a\n"
          "       Post create network: x\n");
    CHECK_THAT(service::table({{"links", "\x1b[31m"}}), !Contains("\x1b"));
}

TEST_CASE("all services are told with one engine call", "[info]") {
    World world;
    CHECK(service::summaries(world.site, {}).empty());
    CHECK(world.engine.calls.empty());
    const auto one = world.add_service("one");
    const auto two = world.add_service("two");
    world.add_container(one, "exited");
    service::add_to_links(two, "web");
    const auto rows = service::summaries(world.site, service::all(world.site));
    CHECK(world.engine.calls.size() == 1);
    REQUIRE(rows.size() == 2);
    CHECK(fact(rows[0], "name") == "one");
    CHECK(fact(rows[0], "status") == "exited");
    CHECK(fact(rows[1], "status") == "missing");
    CHECK(fact(rows[1], "links") == "web");
    CHECK(fact(rows[1], "version") == "postgres:17");
}

TEST_CASE("links of all services are filtered with one question", "[info]") {
    World world;
    for (const auto* name : {"one", "two", "three"}) {
        const auto made = world.add_service(name);
        service::add_to_links(made, "web");
        service::add_to_links(made, "theirs");
    }
    world.dokku.add("web");
    world.dokku.add("theirs").hidden = true;
    const auto rows = service::summaries(world.site, service::all(world.site));
    for (const auto& row : rows) CHECK(fact(row, "links") == "web");
    CHECK(world.dokku.filterings == 1);
}
