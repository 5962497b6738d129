// Up, down and round again.

#include "server/start_stop.h"

#include <algorithm>

#include "error/error.h"
#include "fakes/catch.h"
#include "fakes/server.h"
#include "fakes/world.h"
#include "server/container.h"
#include "server/upgrade.h"
#include "service/record.h"

using Catch::Matchers::Contains;
using fakes::Server;
using fakes::World;
using service::Setting;

TEST_CASE("a stopped service loses its container and nothing else", "[life]") {
    World world;
    const Server server;
    server.stand_behind(world);
    const auto one = world.add_service("db");
    std::filesystem::remove(one.file("IMAGE"));
    World::write(one.file("IMAGE_VERSION"), "");
    World::write(one.file("data") / "PG_VERSION", "17");
    world.add_container(one);
    server::stop(one);
    CHECK(world.engine.containers.empty());
    CHECK(World::read(one.file("IMAGE")) == "postgres\n");
    CHECK(World::read(one.file("IMAGE_VERSION")) == "17\n");
    server::stop(one);
    server::start(one);
    CHECK(world.engine.containers.at(one.container()).running());
    CHECK(world.engine.count("create") == 1);
    CHECK(server.logins() == 1);
}

TEST_CASE("a container that alone has the data is not removed", "[life]") {
    World world;
    const auto one = world.add_service("db");
    auto& container = world.add_container(one);
    container.environment = {"PG_MAJOR=17", "PGDATA=/srv/data"};
    const auto change = [&] {
        server::set(one, {{Setting::memory, "300"}}, std::chrono::seconds(1));
    };
    CHECK_THROWS_WITH(server::stop(one), Contains("in its container alone"));
    CHECK_THROWS_WITH(change(), Contains("in its container alone"));
    CHECK(container.running());
    container.status = "created";
    CHECK_THROWS_WITH(server::bring_up(one), Contains("in its container alone"));
    CHECK(world.engine.count("remove") == 0);
    server::pause(one);
    CHECK(world.engine.containers.size() == 1);
}

TEST_CASE("a volume that the image made the engine make comes back after a stop", "[life]") {
    World world;
    const Server server;
    server.stand_behind(world);
    const auto one = world.add_service("db");
    world.add_container(one).mounts.push_back({.source = "0a1b2c", .target = "/srv"});
    server::stop(one);
    server::start(one);
    const auto& mounts = world.engine.containers.at(one.container()).mounts;
    CHECK(std::count_if(mounts.begin(), mounts.end(), [](const auto& mount) {
              return mount.source == "0a1b2c" && mount.target == "/srv";
          }) == 1);
}

TEST_CASE("a start that fails names the options that the server got", "[life]") {
    World world;
    const auto one = world.add_service("db");
    World::write(one.file("CONFIG_OPTIONS"), "-c no_such=1");
    world.add_container(one, "restarting");
    world.engine.lines[one.container()] =
        "FATAL:  unrecognized configuration parameter \"no_such\"\n"
        "FATAL:  unrecognized configuration parameter \"no_such\"\n";
    try {
        server::start(one);
        FAIL("started");
    } catch (const Error& error) {
        CHECK_THAT(error.what(), Contains("no_such"));
        CHECK_THAT(error.hint(), Contains("-c no_such=1") &&
                                     Contains("dokku postgres:set db config-options OPTIONS"));
    }
}

TEST_CASE("a paused service keeps its container", "[life]") {
    World world;
    const Server server;
    server.stand_behind(world);
    const auto one = world.add_service("db");
    const std::string id = world.add_container(one).id;
    server::pause(one);
    CHECK(world.engine.containers.at(one.container()).status == "exited");
    server::start(one);
    CHECK(world.engine.containers.at(one.container()).id == id);
    CHECK(world.engine.containers.at(one.container()).running());
}

TEST_CASE("a restart is the engine's own of the same container", "[life]") {
    World world;
    const Server server;
    server.stand_behind(world);
    const auto one = world.add_service("db");
    const std::string id = world.add_container(one).id;
    server::restart(one);
    CHECK(world.engine.count("restart " + id) == 1);
    CHECK(world.engine.count("create") == 0);
    CHECK(server.logins() == 1);
}

TEST_CASE("a restart of a service that is down brings it up", "[life]") {
    World world;
    const Server server;
    server.stand_behind(world);
    const auto one = world.add_service("db");
    server::restart(one);
    CHECK(world.engine.containers.at(one.container()).running());
}
