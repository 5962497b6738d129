// Services made whole or not at all.

#include "server/create.h"

#include <sys/stat.h>

#include <filesystem>

#include "error/error.h"
#include "fakes/catch.h"
#include "fakes/server.h"
#include "fakes/world.h"
#include "service/record.h"
#include "service/unfinished.h"

namespace fs = std::filesystem;
using fakes::Server;
using fakes::World;
using service::Setting;

namespace {

struct Outcome {
    Exit code = Exit::ok;
    std::string message = {};
    std::string hint = {};
};

Outcome create(World& world, const std::string& name, const server::Options& options = {}) {
    try {
        server::create(world.context, name, options);
    } catch (const Error& error) {
        return {error.code(), error.what(), error.hint()};
    }
    return {};
}

mode_t mode_of(const fs::path& path) {
    struct stat status {};
    REQUIRE(::stat(path.c_str(), &status) == 0);
    return status.st_mode & 07777U;
}

bool nothing_is_left(const World& world) {
    return fs::is_empty(world.environment.services) && world.engine.containers.empty();
}

}  // namespace

TEST_CASE("a service is made with one container, started once", "[create]") {
    World world;
    const Server server;
    server.stand_behind(world);
    REQUIRE(create(world, "my-db").message.empty());
    const auto one = service::open(world.context, "my-db");
    const auto record = service::read_record(one);
    CHECK_FALSE(service::unfinished(one));
    CHECK(record.reference() == "postgres:17");
    CHECK(record.database == "my_db");
    CHECK(record.major == 17);
    CHECK(record.own_files);
    CHECK(service::password(one).size() == 32);
    CHECK(mode_of(one.file("PASSWORD")) == 0600);
    CHECK(mode_of(one.file("run")) == 0700);
    for (const auto* file : {"password", "server.key", "server.crt", "tls.sh"}) {
        CHECK(mode_of(one.file("run") / file) == 0444);
    }
    CHECK(World::read(one.file("run") / "password") == service::password(one) + "\n");
    CHECK(world.engine.count("create") == 1);
    CHECK(world.engine.count("start") == 1);
    CHECK(world.engine.count("run_once") == 0);
    CHECK(world.dokku.calls ==
          std::vector<std::string>{"trigger service-action pre-create postgres my-db",
                                   "trigger service-action post-create postgres my-db",
                                   "trigger service-action post-create-complete postgres my-db"});
    const auto& spec = world.engine.specs[one.container()];
    for (const auto& word : spec.environment) {
        CHECK(word.find(service::password(one)) == std::string::npos);
    }
}

TEST_CASE("what the operator asks reaches record and container", "[create]") {
    World world;
    const Server server;
    server.stand_behind(world);
    world.engine.networks = {"mine"};
    world.engine.images["reg:5000/postgis:17-3.5"] = World::image(17);
    server::Options options;
    options.settings[Setting::image] = "reg:5000/postgis:17-3.5";
    options.settings[Setting::memory] = "64";
    options.settings[Setting::custom_env] = "A=1;B=2";
    options.settings[Setting::config_options] = "-c x=y";
    options.settings[Setting::post_start_network] = "mine";
    options.password = "p w";
    REQUIRE(create(world, "db", options).message.empty());
    const auto one = service::open(world.context, "db");
    CHECK(service::password(one) == "p w");
    CHECK(World::read(one.file("IMAGE")) == "reg:5000/postgis\n");
    CHECK(World::read(one.file("IMAGE_VERSION")) == "17-3.5\n");
    CHECK(World::read(one.file("ENV")) == "A=1\nB=2\n");
    CHECK(world.dokku.properties["db"]["post-start-network"] == "mine");
    const auto& spec = world.engine.specs[one.container()];
    CHECK(spec.env_file == one.file("ENV"));
    CHECK(spec.memory == "64m");
    CHECK(world.engine.count("connect mine") == 1);
}

TEST_CASE("what cannot be is refused before anything changes", "[create]") {
    World world;
    world.engine.images["old"] = World::image(17);
    world.engine.images["old"].environment = {{"PG_MAJOR", "12"}};
    server::Options options;
    SECTION("a name") { CHECK(create(world, "../x").code == Exit::usage); }
    SECTION("a network that is not there") {
        options.settings[Setting::initial_network] = "none-such";
        CHECK(create(world, "db", options).code == Exit::usage);
    }
    SECTION("an image that cannot be had") {
        options.settings[Setting::image_version] = "16";
        CHECK(create(world, "db", options).code == Exit::failed);
    }
    SECTION("a major that we do not serve") {
        options.settings[Setting::image] = "old";
        options.settings[Setting::image_version] = "";
        CHECK(create(world, "db", options).code == Exit::failed);
    }
    SECTION("two versions") {
        options.settings[Setting::image] = "postgres:17";
        options.settings[Setting::image_version] = "16";
        CHECK(create(world, "db", options).code == Exit::usage);
    }
    SECTION("a password") {
        for (const std::string password : {"", "a\nb", "a\x7f"}) {
            options.password = password;
            CHECK(create(world, "db", options).code == Exit::usage);
        }
    }
    SECTION("a container of that name that is not ours") {
        world.engine.add("dokku.postgres.db", "exited");
        CHECK(create(world, "db").code == Exit::refused);
        CHECK(world.engine.containers.size() == 1);
        world.engine.containers.clear();
    }
    SECTION("a plugin that says no") {
        world.dokku.fail("trigger service-action pre-create");
        CHECK(create(world, "db").code == Exit::failed);
        world.dokku.calls.clear();
    }
    CHECK(nothing_is_left(world));
    CHECK(world.dokku.calls.empty());
    CHECK(world.engine.count("create") == 0);
}

TEST_CASE("a service that is there, and what only looks like one, is left alone", "[create]") {
    World world;
    const auto one = world.add_service("db");
    World::write(one.file("data") / "PG_VERSION", "17");
    CHECK(create(world, "db").message == "Postgres service db already exists");
    const auto elsewhere = world.root / "elsewhere";
    fs::create_directory(elsewhere);
    World::write(elsewhere / "service.yml", "state: creating");
    fs::create_directory_symlink(elsewhere, world.environment.services / "linked");
    CHECK(create(world, "linked").code == Exit::refused);
    CHECK(fs::exists(elsewhere / "service.yml"));
    CHECK(World::read(one.file("data") / "PG_VERSION") == "17");
    CHECK(world.engine.count("remove") == 0);
}

TEST_CASE("a step that fails takes away what was made", "[create]") {
    World world;
    const Server server;
    server.stand_behind(world);
    server::Options options;
    options.patience = std::chrono::seconds(60);
    SECTION("the container cannot be made") { world.engine.fail_on["create"] = "no space left"; }
    SECTION("it cannot be joined") { world.engine.fail_on["connect"] = "the network is full"; }
    SECTION("it ends at once") {
        world.engine.exits_with = 1;
        world.engine.before = [&](const std::string& call) {
            if (call.starts_with("last_lines")) {
                world.engine.lines["dokku.postgres.db"] = "FATAL: why\n";
            }
        };
        const auto outcome = create(world, "db", options);
        CHECK(outcome.message == "the server of service 'db' does not start: why");
    }
    SECTION("a plugin says no") { world.dokku.fail("trigger service-action post-create"); }
    CHECK(create(world, "db", options).code == Exit::failed);
    CHECK(nothing_is_left(world));
    CHECK(world.dokku.properties.empty());
    CHECK_FALSE(fs::exists(world.environment.data / "locks" / "service-db"));
}

TEST_CASE("a create that was killed is begun anew by the same create", "[create]") {
    struct Killed : std::exception {};
    for (int at = 1; at <= 12; ++at) {
        INFO("killed at call " << at);
        World world;
        const Server server;
        int calls = 0;
        bool dead = false;
        // From its death on, nothing of the killed run reaches the world: its clean-up neither.
        const auto die = [&](const std::string&) {
            if (++calls >= at) dead = true;
            if (dead) throw Killed{};
        };
        world.engine.before = die;
        world.dokku.before = die;
        try {
            server::create(world.context, "db", {});
        } catch (const Killed&) {
        }
        world.engine.before = {};
        world.dokku.before = {};
        server.stand_behind(world);
        for (auto& [name, container] : world.engine.containers) server.lend(container);
        const auto outcome = create(world, "db");
        CHECK(
            (outcome.code == Exit::ok || outcome.message == "Postgres service db already exists"));
        CHECK(world.engine.containers.size() == 1);
        CHECK_FALSE(service::unfinished(service::at(world.context, "db")));
        if (!dead) break;
    }
}
