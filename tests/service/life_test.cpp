// Up, down and round again.

#include "service/life.h"

#include "fakes/catch.h"
#include "service/record.h"
#include "service/server.h"
#include "service/world.h"

using fakes::Server;
using fakes::World;

TEST_CASE("a stopped service loses its container and nothing else", "[life]") {
    World world;
    const Server server;
    server.stand_behind(world);
    const auto one = world.add_service("db");
    std::filesystem::remove(one.file("IMAGE"));
    World::write(one.file("IMAGE_VERSION"), "");
    World::write(one.file("data") / "PG_VERSION", "17");
    world.add_container(one);
    service::stop(world.site, one);
    CHECK(world.engine.containers.empty());
    CHECK(World::read(one.file("IMAGE")) == "postgres\n");
    CHECK(World::read(one.file("IMAGE_VERSION")) == "17\n");
    service::stop(world.site, one);
    service::start(world.site, one);
    CHECK(world.engine.containers.at(one.container()).running());
    CHECK(world.engine.count("create") == 1);
    CHECK(server.logins() == 1);
}

TEST_CASE("a paused service keeps its container", "[life]") {
    World world;
    const Server server;
    server.stand_behind(world);
    const auto one = world.add_service("db");
    const std::string id = world.add_container(one).id;
    service::pause(world.site, one);
    CHECK(world.engine.containers.at(one.container()).status == "exited");
    service::start(world.site, one);
    CHECK(world.engine.containers.at(one.container()).id == id);
    CHECK(world.engine.containers.at(one.container()).running());
}

TEST_CASE("a restart is the engine's own of the same container", "[life]") {
    World world;
    const Server server;
    server.stand_behind(world);
    const auto one = world.add_service("db");
    const std::string id = world.add_container(one).id;
    service::restart(world.site, one);
    CHECK(world.engine.count("restart " + id) == 1);
    CHECK(world.engine.count("create") == 0);
    CHECK(server.logins() == 1);
}

TEST_CASE("a restart of a service that is down brings it up", "[life]") {
    World world;
    const Server server;
    server.stand_behind(world);
    const auto one = world.add_service("db");
    service::restart(world.site, one);
    CHECK(world.engine.containers.at(one.container()).running());
}
