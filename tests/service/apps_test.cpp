// Links of apps that are cloned, renamed and destroyed.

#include "service/apps.h"

#include "fakes/catch.h"
#include "service/link.h"
#include "service/links.h"
#include "service/world.h"

using fakes::World;
using Names = std::vector<std::string>;

TEST_CASE("a clone has the links of the old app", "[apps]") {
    World world;
    const auto db = world.add_service("db");
    const auto other = world.add_service("other");
    auto& old = world.dokku.add("old");
    service::link(world.site, db, "old", {.alias = "REPORTING", .querystring = "pool=5"});
    auto& copy = world.dokku.add("new", old.config);
    world.dokku.calls.clear();
    SECTION("with the config that was copied") {
        service::copy_links(world.site, "old", "new");
        CHECK(world.dokku.calls.empty());
    }
    SECTION("and a config that was not") {
        copy.config.clear();
        service::copy_links(world.site, "old", "new");
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
    service::copy_links(world.site, "old", "new");
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
    service::copy_links(world.site, "old", "new");
    CHECK(service::is_linked(bad, "new"));
    CHECK(service::is_linked(good, "new"));
}

TEST_CASE("an app that goes leaves every record, of broken services too", "[apps]") {
    World world;
    const auto bad = world.add_service("bad");
    const auto good = world.add_service("good");
    world.dokku.add("foo.bar");
    service::link(world.site, good, "foo.bar", {});
    service::add_to_links(good, "foo-bar");
    service::add_to_links(bad, "foo.bar");
    World::write(bad.file("links.yml"), "{[");
    service::drop_links(world.site, "foo.bar");
    CHECK(service::linked_apps(good) == Names{"foo-bar"});
    CHECK(service::link_details(good).empty());
    CHECK(service::linked_apps(bad).empty());
}
