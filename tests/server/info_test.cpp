// What is told of a service.

#include "server/info.h"

#include <algorithm>

#include "cli/report.h"
#include "fakes/catch.h"
#include "fakes/world.h"
#include "service/links.h"
#include "service/settings_table.h"

using fakes::World;

namespace {

value::Value held(const value::Fields& facts, const std::string& key) {
    for (const auto& [name, value] : facts) {
        if (name == key) return value;
    }
    return "no such fact";
}

std::string fact(const value::Fields& facts, const std::string& key) {
    return cli::text(held(facts, key));
}

std::string json(const value::Fields& facts, const std::string& key) {
    std::string text = cli::json(held(facts, key));
    text.pop_back();
    return text;
}

const value::Fields& row(const value::List& rows, std::size_t number) {
    return std::get<value::Fields>(rows.at(number));
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
    const auto facts = server::info(db);
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
    const auto facts = server::info(db);
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
    CHECK(fact(server::info(db), "exposed-ports") == "5432->127.0.0.1:5555 (not bound)");
    auto& ambassador = world.engine.add(db.ambassador());
    ambassador.ports = {{.ip = "127.0.0.1", .host = 5555, .container = 5432}};
    CHECK(fact(server::info(db), "exposed-ports") == "5432->127.0.0.1:5555");
    ambassador.ports = {{.ip = "0.0.0.0", .host = 5555, .container = 5432},
                        {.ip = "::", .host = 5555, .container = 5432}};
    CHECK(fact(server::info(db), "exposed-ports") == "5432->5555");
}

TEST_CASE("scripts get numbers, arrays and null", "[info]") {
    World world;
    const auto db = world.add_service("db");
    service::write_link_detail(
        db, {.app = "web", .variables = {{"DATABASE_URL", "", ""}, {"OTHER_URL", "", ""}}});
    service::add_to_links(db, "web");
    service::add_to_links(db, "old");
    World::write(db.file("SERVICE_MEMORY"), "512\n");
    World::write(db.file("SHM_SIZE"), "64m\n");
    World::write(db.file("ENV"), "# a note\nTOKEN=hush\nBARE\n");
    World::write(db.file("PORT"), "127.0.0.1:5555\n");
    const auto facts = server::info(db);
    CHECK(json(facts, "memory") == "536870912");
    CHECK(json(facts, "shm-size") == "67108864");
    CHECK(json(facts, "config-options") == "null");
    CHECK(json(facts, "initial-network") == "null");
    CHECK(json(facts, "post-create-network") == "[]");
    CHECK(json(facts, "id") == "null");
    CHECK(json(facts, "custom-env") == R"(["TOKEN","BARE"])");
    CHECK(json(facts, "links") == R"([{"app":"old","variables":null},)"
                                  R"({"app":"web","variables":["DATABASE_URL","OTHER_URL"]}])");
    CHECK(fact(facts, "links") == "old web (DATABASE_URL, OTHER_URL)");
    CHECK(json(facts, "exposed-ports") ==
          R"([{"address":"127.0.0.1","host-port":5555,"container-port":5432,"bound":false}])");
    World::write(db.file("SHM_SIZE"), "half\n");
    World::write(db.file("PORT"), "5432 5433\n");
    World::write(db.file("links.yml"), "]");
    const auto odd = server::info(db);
    CHECK(json(odd, "shm-size") == R"("half")");
    CHECK(json(odd, "exposed-ports") == R"x(["5432->5432 5433 (not bound)"])x");
    CHECK(json(odd, "links") ==
          R"([{"app":"old","variables":null},{"app":"web","variables":null}])");
}

TEST_CASE("folders of the host are told as mount takes them", "[info]") {
    World world;
    const auto db = world.add_service("db");
    auto record = service::read_record(db);
    record.volumes = {{"/srv/csv", "/csv", true}, {"made-by-the-image", "/var/x", false}};
    service::write_record(db, record);
    const auto facts = server::info(db);
    CHECK(fact(facts, "mounts") == "/srv/csv:/csv:ro");
    CHECK(json(facts, "mounts") == R"([{"source":"/srv/csv","target":"/csv","read-only":true}])");
}

TEST_CASE("every setting is told", "[info]") {
    World world;
    const auto db = world.add_service("db");
    const auto facts = server::info(db);
    for (const auto& row : service::setting_rows)
        CHECK(fact(facts, std::string{row.name}) != "no such fact");
}

TEST_CASE("what the server tells is null where nobody answers", "[info]") {
    World world;
    const auto db = world.add_service("db");
    CHECK(fact(server::figures(db, "", "/bin/false"), "size") == "-");
    CHECK(json(server::figures(db, "127.0.0.1", "/bin/false"), "size") == "null");
    CHECK(json(server::figures(db, "127.0.0.1", "/bin/echo"), "size") == "null");
}

TEST_CASE("all services are told with one engine call", "[info]") {
    World world;
    CHECK(server::summaries(world.context, {}).empty());
    CHECK(world.engine.calls.empty());
    const auto one = world.add_service("one");
    const auto two = world.add_service("two");
    world.add_container(one, "exited");
    service::add_to_links(two, "web");
    const auto rows = server::summaries(world.context, service::all(world.context));
    CHECK(world.engine.calls.size() == 1);
    REQUIRE(rows.size() == 2);
    CHECK(fact(row(rows, 0), "name") == "one");
    CHECK(fact(row(rows, 0), "status") == "exited");
    CHECK(json(row(rows, 0), "links") == "[]");
    CHECK(fact(row(rows, 1), "status") == "missing");
    CHECK(fact(row(rows, 1), "links") == "web");
    CHECK(fact(row(rows, 1), "version") == "postgres:17");
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
    const auto rows = server::summaries(world.context, service::all(world.context));
    for (std::size_t i = 0; i < rows.size(); ++i) CHECK(fact(row(rows, i), "links") == "web");
    CHECK(world.dokku.filterings == 1);
}
