// Links of apps that are cloned, renamed and destroyed.

#include "linking/app_events.h"

#include "fakes/catch.h"
#include "fakes/world.h"
#include "linking/link.h"
#include "service/links.h"

using fakes::World;
using Names = std::vector<std::string>;

TEST_CASE("a clone has the links of the old app", "[apps]") {
    World world;
    const auto db = world.add_service("db");
    const auto other = world.add_service("other");
    auto& old = world.dokku.add("old");
    linking::link(db, "old", {.alias = "REPORTING", .querystring = "pool=5"});
    auto& copy = world.dokku.add("new", old.config);
    world.dokku.calls.clear();
    SECTION("with the config that was copied") {
        linking::copy_links(world.context, "old", "new");
        CHECK(world.dokku.calls.empty());
    }
    SECTION("and a config that was not") {
        copy.config.clear();
        linking::copy_links(world.context, "old", "new");
        CHECK(copy.config == old.config);
    }
    CHECK(service::linked_apps(db) == Names{"new", "old"});
    CHECK(service::linked_apps(other).empty());
    CHECK(service::link_detail(db, "new").variables == service::link_detail(db, "old").variables);
}

TEST_CASE("the clone of an official link is one too", "[apps]") {
    World world;
    const auto db = world.add_service("db");
    service::add_to_links(db, "old");
    world.dokku.add("new");
    linking::copy_links(world.context, "old", "new");
    CHECK(service::is_linked(db, "new"));
    CHECK(service::link_details(db).empty());
}

TEST_CASE("a damaged record does not stop a clone", "[apps]") {
    World world;
    const auto bad = world.add_service("bad");
    const auto good = world.add_service("good");
    service::add_to_links(bad, "old");
    service::add_to_links(good, "old");
    World::write(bad.file("links.yml"), "{[");
    world.dokku.add("new");
    linking::copy_links(world.context, "old", "new");
    CHECK(service::is_linked(bad, "new"));
    CHECK(service::is_linked(good, "new"));
}

TEST_CASE("an app that goes leaves every record, of broken services too", "[apps]") {
    World world;
    const auto bad = world.add_service("bad");
    const auto good = world.add_service("good");
    world.dokku.add("foo.bar");
    linking::link(good, "foo.bar", {});
    service::add_to_links(good, "foo-bar");
    service::add_to_links(bad, "foo.bar");
    World::write(bad.file("links.yml"), "{[");
    linking::drop_links(world.context, "foo.bar");
    CHECK(service::linked_apps(good) == Names{"foo-bar"});
    CHECK(service::link_details(good).empty());
    CHECK(service::linked_apps(bad).empty());
}
