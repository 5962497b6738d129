// Settings that reach a container while it runs.

#include "server/upgrade.h"

#include "fakes/catch.h"
#include "fakes/server.h"
#include "fakes/world.h"
#include "server/start_stop.h"
#include "service/record.h"
#include "service/unfinished.h"

using fakes::World;
using service::Setting;
using std::chrono::seconds;

namespace {

// A service on the network `one`, of a host that has `two` as well.
service::Service add(World& world) {
    const auto made = world.add_service("db");
    auto record = service::read_record(made);
    record.post_create_network = {"one"};
    service::write_record(made, record);
    world.add_container(made).networks.push_back({.network = "one"});
    world.engine.networks = {"one", "two"};
    return made;
}

}  // namespace

TEST_CASE("networks that are set wait for the next start, which leaves the old ones", "[upgrade]") {
    World world;
    const fakes::Server server;
    server.stand_behind(world);
    const auto made = add(world);
    const auto& container = world.engine.containers.at(made.container());
    server::set(made, {{Setting::post_create_network, "two"}}, seconds(1));
    CHECK(container.on("one") != nullptr);
    CHECK(container.on("two") == nullptr);
    CHECK(service::read_record(made).post_create_network == std::vector<std::string>{"two"});
    server::restart(made);
    CHECK(container.on("one") == nullptr);
    CHECK(container.on("two") != nullptr);
}

TEST_CASE("a network that is set again is not left", "[upgrade]") {
    World world;
    const fakes::Server server;
    server.stand_behind(world);
    const auto made = add(world);
    for (const auto* name : {"two", "one"})
        server::set(made, {{Setting::post_create_network, name}}, seconds(1));
    server::restart(made);
    const auto& container = world.engine.containers.at(made.container());
    CHECK(container.on("one") != nullptr);
    CHECK(container.on("two") == nullptr);
}

TEST_CASE("a container that is made again is on the new networks alone", "[upgrade]") {
    World world;
    const fakes::Server server;
    server.stand_behind(world);
    const auto made = add(world);
    server::upgrade(made, {{Setting::post_create_network, "two"}}, false, seconds(5));
    const auto& container = world.engine.containers.at(made.container());
    CHECK(container.on("one") == nullptr);
    CHECK(container.on("two") != nullptr);
}

TEST_CASE("an image that no registry has is taken from this host", "[upgrade]") {
    World world;
    const auto made = add(world);
    const auto found = server::upgrade(made, {}, false, seconds(1));
    CHECK_FALSE(found.changed);
    CHECK(found.reference == "postgres:17");
    CHECK(world.engine.count("pull postgres:17") == 1);
    world.engine.images.clear();
    CHECK_THROWS_AS(server::upgrade(made, {}, false, seconds(1)), Error);
}

TEST_CASE("what goes with the old container is known before it goes", "[upgrade]") {
    World world;
    const fakes::Server server;
    server.stand_behind(world);
    const auto made = add(world);
    auto& container = world.engine.containers.at(made.container());
    container.mounts.push_back({.source = "0a1b2c", .target = "/srv"});
    container.environment = {"PG_MAJOR=17", "PGDATA=/var/lib/postgresql/data/below"};
    service::Record known;
    std::optional<state::Journal> journal;
    world.engine.after = [&, lend = world.engine.after](const std::string& call) {
        if (call.starts_with("remove")) {
            known = service::read_record(made);
            journal = service::unfinished(made);
        }
        lend(call);
    };
    server::set(made, {{Setting::memory, "300"}}, seconds(5));
    REQUIRE(journal);
    CHECK(journal->operation == "set");
    CHECK(journal->step == "container");
    CHECK(journal->memory.at("image") == "sha256:17");
    CHECK(service::record_of(journal->memory).memory == "300");
    CHECK(known.data_folder == "/var/lib/postgresql/data/below");
    REQUIRE(known.volumes.size() == 1);
    CHECK(known.volumes.front().source == "0a1b2c");
    CHECK(service::read_record(made).memory == "300");
    CHECK_FALSE(service::unfinished(made));
}
