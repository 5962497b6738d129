// Services removed whole, however often it takes.

#include "server/destroy.h"

#include <filesystem>

#include "error/error.h"
#include "fakes/catch.h"
#include "fakes/world.h"
#include "service/links.h"
#include "service/record.h"

namespace fs = std::filesystem;
using fakes::World;

namespace {

Exit destroy(const service::Service& one) {
    try {
        server::destroy(one);
    } catch (const Error& error) {
        return error.code();
    }
    return Exit::ok;
}

service::Service add(World& world) {
    const auto one = world.add_service("db");
    World::write(one.file("data") / "PG_VERSION", "17");
    fs::create_directories(one.file("backup"));
    World::write(one.file("backup") / "AWS_ACCESS_KEY_ID", "x");
    world.add_container(one);
    world.engine.add(one.ambassador(), "running",
                     {{"dokku", "ambassador"}, {"dokku.ambassador", "postgres"}});
    // of a destroy whose client was killed between the making of it and its start
    world.engine.add(one.helper(), "created", {{"dokku.helper", "postgres"}});
    world.dokku.properties["db"]["initial-network"] = "x";
    return one;
}

}  // namespace

TEST_CASE("nothing of a destroyed service is left", "[destroy]") {
    World world;
    const auto one = add(world);
    CHECK(destroy(one) == Exit::ok);
    CHECK(fs::is_empty(world.environment.services));
    CHECK(fs::is_empty(world.environment.data / "locks"));
    CHECK(world.engine.containers.empty());
    CHECK(world.dokku.properties.empty());
    CHECK(world.dokku.calls.front() == "trigger service-action pre-delete postgres db");
    CHECK(world.dokku.calls.back() == "trigger service-action post-delete postgres db");
    CHECK(world.engine.count("disconnect") == 0);
    CHECK(destroy(one) == Exit::no_service);
}

TEST_CASE("a linked service stays, and its apps are named", "[destroy]") {
    World world;
    const auto one = add(world);
    world.dokku.add("web");
    world.dokku.add("api");
    for (const auto* app : {"web", "gone", "api"}) service::add_to_links(one, app);
    try {
        server::destroy(one);
        FAIL("it went");
    } catch (const Error& error) {
        CHECK(error.what() == std::string("Cannot delete linked service"));
        CHECK(error.code() == Exit::refused);
        CHECK(error.hint().find("api, web.") != std::string::npos);
    }
    CHECK(world.dokku.calls.empty());
    world.dokku.app_map.clear();
    CHECK(destroy(one) == Exit::ok);
}

TEST_CASE("a container that was not made for the service is left, and says so", "[destroy]") {
    World world;
    const auto one = add(world);
    world.engine.containers[one.container()].labels.clear();
    CHECK(destroy(one) == Exit::refused);
    CHECK(world.engine.containers.contains(one.container()));
    CHECK(fs::exists(one.file("data") / "PG_VERSION"));
}

TEST_CASE("nothing behind a symbolic link is removed", "[destroy]") {
    World world;
    const auto elsewhere = world.root / "elsewhere";
    fs::create_directories(elsewhere / "data");
    fs::create_directory_symlink(elsewhere, world.environment.services / "db");
    CHECK(destroy(service::at(world.context, "db")) == Exit::refused);
    CHECK(fs::exists(elsewhere / "data"));
    const auto two = world.add_service("two");
    fs::remove(two.file("data"));
    fs::create_directory_symlink(elsewhere, two.file("data"));
    CHECK(destroy(two) == Exit::ok);
    CHECK(fs::exists(elsewhere / "data"));
}

TEST_CASE("a destroy that was killed finishes when it is run again", "[destroy]") {
    struct Killed {};
    for (int at = 1;; ++at) {
        INFO("killed at call " << at);
        World world;
        const auto one = add(world);
        int calls = 0;
        const auto die = [&](const std::string&) {
            if (++calls == at) throw Killed{};
        };
        world.engine.before = die;
        world.dokku.before = die;
        bool killed = false;
        try {
            server::destroy(one);
        } catch (const Killed&) {
            killed = true;
        }
        if (!killed) break;
        world.engine.before = {};
        world.dokku.before = {};
        const auto code = destroy(one);
        CHECK((code == Exit::ok || code == Exit::no_service));
        CHECK(fs::is_empty(world.environment.services));
        CHECK(world.engine.containers.empty());
        CHECK(world.dokku.properties.empty());
    }
}
