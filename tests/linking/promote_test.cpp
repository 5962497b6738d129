// DATABASE_URL changes hands.

#include "linking/promote.h"

#include <functional>
#include <utility>

#include "error/error.h"
#include "fakes/catch.h"
#include "fakes/world.h"
#include "linking/link.h"
#include "linking/refresh.h"
#include "service/links.h"

using fakes::World;

namespace {

std::string url(const std::string& name) {
    return "postgres://postgres:secret@dokku-postgres-" + name + ":5432/" + name;
}

std::string message(const std::function<void()>& what) {
    try {
        what();
    } catch (const Error& error) {
        return error.what();
    }
    return "nothing";
}

std::vector<std::string> names(const service::Service& service) {
    std::vector<std::string> all;
    for (const auto& variable : service::link_detail(service, "web").variables) {
        all.push_back(variable.name);
    }
    return all;
}

}  // namespace

TEST_CASE("what DATABASE_URL held lives on under a colour", "[promote]") {
    World world;
    const auto one = world.add_service("one");
    const auto two = world.add_service("two");
    auto& app = world.dokku.add("web", {}, true);
    linking::link(one, "web", {});
    linking::link(two, "web", {.querystring = "pool=5"});
    world.dokku.calls.clear();
    linking::promote(two, "web", true);
    const host::Config wanted = {{"DATABASE_URL", url("two") + "?pool=5"},
                                 {"DOKKU_POSTGRES_AQUA_URL", url("two") + "?pool=5"},
                                 {"DOKKU_POSTGRES_BLACK_URL", url("one")}};
    CHECK(app.config == wanted);
    CHECK(names(one) == std::vector<std::string>{"DOKKU_POSTGRES_BLACK_URL"});
    CHECK(names(two) == std::vector<std::string>{"DATABASE_URL", "DOKKU_POSTGRES_AQUA_URL"});
    CHECK(world.dokku.count("set_config") == 1);
    CHECK(world.dokku.count("deploy web") == 1);
    CHECK(linking::refresh(world.context, "web").empty());
    CHECK(message([&] { linking::promote(two, "web", true); }) ==
          "Service two already promoted as DATABASE_URL");
    SECTION("and back, without a third name for it") {
        linking::promote(one, "web", true);
        CHECK(app.config.at("DATABASE_URL") == url("one"));
        CHECK(app.config.size() == 3);
        CHECK(names(two) == std::vector<std::string>{"DOKKU_POSTGRES_AQUA_URL"});
        CHECK(linking::refresh(world.context, "web").empty());
    }
}

TEST_CASE("a foreign DATABASE_URL is kept", "[promote]") {
    World world;
    const auto db = world.add_service("db");
    auto& app = world.dokku.add("web");
    SECTION("that was there before the link") {
        app.config["DATABASE_URL"] = "postgres://u:p@host:5432/db";
        linking::link(db, "web", {});
    }
    SECTION("that took the link's own place") {
        linking::link(db, "web", {});
        app.config["DATABASE_URL"] = "postgres://u:p@host:5432/db";
    }
    linking::promote(db, "web", true);
    CHECK(app.config.at("DATABASE_URL") == url("db"));
    bool kept = false;
    for (const auto& [name, value] : app.config) {
        kept =
            kept || (name.starts_with("DOKKU_POSTGRES_") && value == "postgres://u:p@host:5432/db");
    }
    CHECK(kept);
    CHECK(names(db).front() == "DATABASE_URL");
}

TEST_CASE("a service that is not linked cannot be promoted", "[promote]") {
    World world;
    const auto db = world.add_service("db");
    world.dokku.add("web");
    CHECK(message([&] { linking::promote(db, "web", true); }) == "Not linked to app web");
    CHECK(message([&] { linking::promote(db, "gone", true); }) == "App gone does not exist");
    CHECK(world.dokku.calls.empty());
}

TEST_CASE("official links are promoted by what the config says", "[promote]") {
    World world;
    const auto one = world.add_service("one");
    const auto two = world.add_service("two");
    service::add_to_links(one, "web");
    service::add_to_links(two, "web");
    auto& app = world.dokku.add(
        "web", {{"DATABASE_URL", url("one")}, {"DOKKU_POSTGRES_AQUA_URL", url("two")}});
    linking::promote(two, "web", true);
    CHECK(app.config.at("DATABASE_URL") == url("two"));
    CHECK(app.config.at("DOKKU_POSTGRES_BLACK_URL") == url("one"));
    CHECK(world.dokku.count("remove_docker_option web --link dokku.postgres.") == 2);
}

TEST_CASE("a promotion that was killed at any write is finished by the next", "[promote]") {
    World world;
    const auto one = world.add_service("one");
    const auto two = world.add_service("two");
    auto& app = world.dokku.add("web");
    linking::link(one, "web", {});
    linking::link(two, "web", {});
    SECTION("before the config") {
        world.dokku.fail("set_config");
        CHECK_THROWS_AS(linking::promote(two, "web", true), Error);
        world.dokku.fail("set_config", "");
    }
    SECTION("after the config") {
        linking::promote(two, "web", true);
        service::write_link_detail(
            two,
            {.app = "web",
             .variables = {{.name = "DOKKU_POSTGRES_AQUA_URL", .scheme = "", .querystring = ""}}});
    }
    linking::promote(two, "web", true);
    const host::Config wanted = {{"DATABASE_URL", url("two")},
                                 {"DOKKU_POSTGRES_AQUA_URL", url("two")},
                                 {"DOKKU_POSTGRES_BLACK_URL", url("one")}};
    CHECK(app.config == wanted);
    CHECK(linking::refresh(world.context, "web").empty());
}
