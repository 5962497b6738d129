// The config of an app compared with its links, and put right.

#include "linking/refresh.h"

#include "error/error.h"
#include "fakes/catch.h"
#include "fakes/world.h"
#include "server/linked_apps.h"
#include "service/links.h"

using fakes::World;
using Names = std::vector<std::string>;

namespace {

const std::string db_url = "postgres://postgres:secret@dokku-postgres-db:5432/db";

service::Service linked(World& world, const std::string& name, const std::string& variable) {
    const auto made = world.add_service(name);
    service::write_link_detail(
        made, {.app = "web", .variables = {{.name = variable, .scheme = "", .querystring = ""}}});
    service::add_to_links(made, "web");
    return made;
}

}  // namespace

TEST_CASE("an app without links costs nothing", "[refresh]") {
    World world;
    world.add_service("db");
    world.dokku.add("web");
    CHECK(linking::refresh(world.context, "web").empty());
    CHECK(world.dokku.reads.empty());
    CHECK(world.dokku.calls.empty());
    CHECK(world.engine.calls.empty());
    CHECK_FALSE(std::filesystem::exists(world.environment.data / "locks"));
}

TEST_CASE("a config that is true is read once and not written", "[refresh]") {
    World world;
    linked(world, "db", "DATABASE_URL");
    linked(world, "more", "MORE_URL");
    world.dokku.add("web",
                    {{"DATABASE_URL", db_url},
                     {"MORE_URL", "postgres://postgres:secret@dokku-postgres-more:5432/more"}});
    CHECK(linking::refresh(world.context, "web").empty());
    CHECK(world.dokku.reads == Names{"config web"});
    CHECK(world.dokku.calls.empty());
}

TEST_CASE("what was overwritten or removed is put right in one write", "[refresh]") {
    World world;
    linked(world, "db", "DATABASE_URL");
    linked(world, "more", "MORE_URL");
    auto& app = world.dokku.add("web", {{"DATABASE_URL", "postgres://elsewhere/x"}, {"KEEP", "1"}});
    CHECK(linking::refresh(world.context, "web") == Names{"DATABASE_URL", "MORE_URL"});
    CHECK(app.config.at("DATABASE_URL") == db_url);
    CHECK(app.config.at("MORE_URL") == "postgres://postgres:secret@dokku-postgres-more:5432/more");
    CHECK(app.config.at("KEEP") == "1");
    CHECK(world.dokku.count("set_config") == 1);
    CHECK(world.dokku.calls.size() == 1);
}

TEST_CASE("a changed password and a changed scheme reach the app", "[refresh]") {
    World world;
    const auto db = linked(world, "db", "DATABASE_URL");
    auto& app = world.dokku.add("web", {{"DATABASE_URL", db_url}});
    World::write(db.file("PASSWORD"), "new\n");
    CHECK(linking::refresh(world.context, "web") == Names{"DATABASE_URL"});
    CHECK(app.config.at("DATABASE_URL") == "postgres://postgres:new@dokku-postgres-db:5432/db");
    app.config["POSTGRES_DATABASE_SCHEME"] = "postgis";
    CHECK(linking::refresh(world.context, "web") == Names{"DATABASE_URL"});
    CHECK(app.config.at("DATABASE_URL") == "postgis://postgres:new@dokku-postgres-db:5432/db");
}

TEST_CASE("an official link is put right without being written down", "[refresh]") {
    World world;
    const auto db = world.add_service("db");
    service::add_to_links(db, "web");
    auto& app =
        world.dokku.add("web", {{"SOME_URL", "postgres://postgres:old@dokku-postgres-db:5432/db"}});
    CHECK(linking::refresh(world.context, "web") == Names{"SOME_URL"});
    CHECK(app.config.at("SOME_URL") == db_url);
    CHECK(service::link_details(db).empty());
}

TEST_CASE("two records that claim one variable do not fight", "[refresh]") {
    World world;
    linked(world, "a", "DATABASE_URL");
    linked(world, "b", "DATABASE_URL");
    auto& app = world.dokku.add("web");
    linking::refresh(world.context, "web");
    const auto first = app.config.at("DATABASE_URL");
    CHECK(first == "postgres://postgres:secret@dokku-postgres-a:5432/a");
    linking::refresh(world.context, "web");
    CHECK(app.config.at("DATABASE_URL") == first);
}

TEST_CASE("a damaged record stops its own apps only", "[refresh]") {
    World world;
    const auto bad = linked(world, "bad", "DATABASE_URL");
    World::write(bad.file("links.yml"), "{[");
    const auto good = world.add_service("good");
    service::add_to_links(good, "api");
    world.dokku.add("web");
    world.dokku.add("api");
    CHECK_THROWS_AS(linking::refresh(world.context, "web"), Error);
    CHECK_NOTHROW(linking::refresh(world.context, "api"));
}

TEST_CASE("an app is deployed once, when there is something to deploy", "[refresh]") {
    World world;
    auto& app = world.dokku.add("web", {}, true);
    CHECK(server::redeploy(world.context, "web", true));
    CHECK(world.dokku.calls == Names{"deploy web"});
    CHECK_FALSE(server::redeploy(world.context, "web", false));
    app.restores = false;
    CHECK_FALSE(server::redeploy(world.context, "web", true));
    app.restores = true;
    app.deployed = false;
    CHECK_FALSE(server::redeploy(world.context, "web", true));
    CHECK(world.dokku.calls.size() == 1);
}
