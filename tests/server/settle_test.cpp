// What a killed change left is finished or taken back by the next command.

#include "server/settle.h"

#include <filesystem>

#include "error/error.h"
#include "fakes/catch.h"
#include "fakes/server.h"
#include "fakes/world.h"
#include "server/start_stop.h"
#include "server/upgrade.h"
#include "service/record.h"
#include "service/unfinished.h"

using fakes::World;
using server::Seen;

namespace {

// A service whose `set memory 300` was killed at a step, with the container that it left.
struct Left {
    World world;
    service::Service db = world.add_service("db");

    explicit Left(const std::string& step, const std::string& status = "running") {
        auto wanted = service::read_record(db);
        wanted.memory = "300";
        state::Journal journal{.operation = "set",
                               .step = step,
                               .memory = {{server::former_container, "the former one"},
                                          {server::former_image, "sha256:17"}}};
        journal.memory.merge(service::to_texts(wanted));
        state::write_journal(db.folder, journal);
        World::write(db.file(server::next_environment), "A=1");
        world.add_container(db, status);
    }

    bool is_former() const {
        return service::read_record(db).memory.empty() && !service::unfinished(db) &&
               world.engine.count("create dokku.postgres.db") == 1 && is_clean();
    }
    bool is_finished() const {
        return service::read_record(db).memory == "300" && !service::unfinished(db) &&
               world.engine.count("create dokku.postgres.db") == 0 && is_clean();
    }
    bool is_clean() const { return !std::filesystem::exists(db.file(server::next_environment)); }
};

}  // namespace

TEST_CASE("a new container that does not run is replaced by the former one", "[settle]") {
    Left left("container", "created");
    CHECK(server::settle(left.db));
    CHECK(left.is_former());
}

TEST_CASE("a former container is started again", "[settle]") {
    Left left("stop", "exited");
    auto journal = *service::unfinished(left.db);
    auto& container = left.world.engine.containers.at(left.db.container());
    journal.memory[server::former_container] = container.id;
    state::write_journal(left.db.folder, journal);
    CHECK(server::settle(left.db));
    CHECK(container.running());
    CHECK(left.world.engine.count("create dokku.postgres.db") == 0);
    CHECK(service::read_record(left.db).memory.empty());
    CHECK_FALSE(service::unfinished(left.db));
}

TEST_CASE("the former container runs the image that it ran, whatever its tag names now",
          "[settle]") {
    Left left("container", "created");
    left.world.engine.images["sha256:17"] = World::image(17);
    left.world.engine.images["postgres:17"].id = "sha256:newer";
    CHECK(server::settle(left.db));
    CHECK(left.world.engine.specs[left.db.container()].image == "sha256:17");
}

TEST_CASE("a new container that runs waits for its server's answer", "[settle]") {
    Left left("answer");
    CHECK_FALSE(server::settle(left.db));
    CHECK(service::unfinished(left.db));
    CHECK_THROWS_AS(server::settle_or_refuse(left.db), Error);
    SECTION("which comes") {
        server::settle_answering(left.db);
        CHECK(left.is_finished());
    }
    SECTION("which does not come") {
        CHECK(server::settle(left.db, Seen::fails));
        CHECK(left.is_former());
    }
}

TEST_CASE("a record that was being written is written", "[settle]") {
    Left left(server::record_step);
    CHECK(server::settle(left.db));
    CHECK(left.is_finished());
}

TEST_CASE("start keeps the new container when its server answers", "[settle]") {
    Left left("answer");
    const fakes::Server server;
    server.stand_behind(left.world);
    server.lend(left.world.engine.containers.at(left.db.container()));
    server::start(left.db);
    CHECK(left.is_finished());
}

TEST_CASE("who takes the service down takes the change back with the container", "[settle]") {
    Left left("answer");
    SECTION("stop") { server::stop(left.db); }
    SECTION("pause") { server::pause(left.db); }
    CHECK(left.world.engine.containers.empty());
    CHECK(service::read_record(left.db).memory.empty());
    CHECK_FALSE(service::unfinished(left.db));
}

TEST_CASE("another change of the container settles the first one", "[settle]") {
    Left left("answer");
    const fakes::Server server;
    server.stand_behind(left.world);
    server.lend(left.world.engine.containers.at(left.db.container()));
    server::set(left.db, {{service::Setting::shm_size, "64m"}}, std::chrono::seconds(5));
    const auto record = service::read_record(left.db);
    CHECK(record.memory == "300");
    CHECK(record.shm_size == "64m");
    CHECK_FALSE(service::unfinished(left.db));
}

TEST_CASE("the mark of an older version is understood, and gone afterwards", "[settle]") {
    World world;
    const auto db = world.add_service("db");
    const auto mark = [&](const std::string& state) {
        World::write(db.file("service.yml"), "state: \"" + state + "\"\nformer-image: \"x\"\n");
    };
    mark("remaking");
    REQUIRE(service::unfinished(db));
    CHECK_NOTHROW(service::check_finished(db));
    CHECK(server::settle(db));
    CHECK(world.engine.count("create dokku.postgres.db") == 1);
    CHECK_FALSE(service::unfinished(db));
    CHECK(World::read(db.file("service.yml")).find("state") == std::string::npos);
    for (const auto* state : {"creating", "failed"}) {
        mark(state);
        CHECK_THROWS_AS(service::check_finished(db), Error);
    }
    mark("ready");
    CHECK_FALSE(service::unfinished(db));
}

TEST_CASE("a port that was on its way is published, one on its way back is taken", "[settle]") {
    World world;
    const auto db = world.add_service("db");
    world.engine.images[world.environment.ambassador_image] = {};
    World::write(db.file("PORT"), "127.0.0.1:5555\n");
    state::write_journal(db.folder, {.operation = "expose", .step = "forwarder"});
    CHECK(server::settle(db));
    CHECK(world.engine.containers.contains(db.ambassador()));
    CHECK_FALSE(service::unfinished(db));
    state::write_journal(db.folder, {.operation = "unexpose", .step = "port"});
    CHECK(server::settle(db));
    CHECK_FALSE(world.engine.containers.contains(db.ambassador()));
    CHECK(service::read_record(db).ports.empty());
    CHECK_FALSE(service::unfinished(db));
}

TEST_CASE("what an import left is not the container's business", "[settle]") {
    World world;
    const auto db = world.add_service("db");
    state::write_journal(db.folder, {.operation = "import", .step = "fill"});
    CHECK(server::settle(db));
    CHECK(service::unfinished(db));
    CHECK(world.engine.calls.empty());
}
