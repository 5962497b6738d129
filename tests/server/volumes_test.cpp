// Which folders an operator may put into a service's container.
#include "server/volumes.h"

#include <algorithm>
#include <filesystem>

#include "error/error.h"
#include "fakes/catch.h"
#include "fakes/server.h"
#include "fakes/world.h"
#include "service/record.h"

TEST_CASE("volumes: two absolute folders, perhaps read-only") {
    const auto plain = server::parse_volume("/srv/csv:/data/csv");
    CHECK(plain.source == "/srv/csv");
    CHECK(plain.target == "/data/csv");
    CHECK_FALSE(plain.read_only);
    const auto closed = server::parse_volume("/srv/csv/:/data/csv/:ro");
    CHECK(closed.source == "/srv/csv");
    CHECK(closed.target == "/data/csv");
    CHECK(closed.read_only);
    CHECK_FALSE(server::parse_volume("/a:/b:rw").read_only);
}

TEST_CASE("volumes: what is no volume, or belongs to the service, is refused") {
    for (const char* text :
         {"", "/a", "a:/b", "/a:b", "/a:/", "/a:/b/../c", "/a//x:/b", "/a:/b:ro:rw", "/a:/b:xx",
          "/a,b:/c", "/a:/b\nc", "/caf\xe9:/b", "/a:/var/lib/postgresql",
          "/a:/var/lib/postgresql/data", "/a:/run/dokku-postgres/x", "/a:/proc",
          "/a:/docker-entrypoint-initdb.d", "/a:/dev/shm"}) {
        INFO(text);
        CHECK_THROWS_AS(server::parse_volume(text), Error);
    }
    CHECK_NOTHROW(server::parse_volume("/a:/var/lib/postgresqlx"));
    CHECK_NOTHROW(server::parse_volume("/a:/process"));
}

TEST_CASE("volumes: a folder takes the place of one that an image made the engine make") {
    fakes::World world;
    const fakes::Server server;
    server.stand_behind(world);
    const auto made = world.add_service("db");
    world.add_container(made).mounts.push_back({.source = "0a1b2c", .target = "/srv"});
    auto record = service::read_record(made);
    record.volumes = {{.source = "0a1b2c", .target = "/srv"}};
    service::write_record(made, record);
    const std::chrono::seconds patience(5);
    CHECK_THROWS_AS(server::unmount(made, "/srv", patience), Error);
    const std::string folder = (world.root / "data").string();
    std::filesystem::create_directories(folder);
    server::mount(made, {.source = folder, .target = "/srv"}, patience);
    const auto after = service::read_record(made).volumes;
    REQUIRE(after.size() == 1);
    CHECK(after.front().source == folder);
    const auto& mounts = world.engine.containers.at(made.container()).mounts;
    CHECK(std::count_if(mounts.begin(), mounts.end(),
                        [](const auto& mount) { return mount.target == "/srv"; }) == 1);
    CHECK_THROWS_AS(server::mount(made, {.source = folder, .target = "/srv"}, patience), Error);
}
