// The records of links.

#include "service/links.h"

#include <sys/stat.h>

#include "error/error.h"
#include "fakes/catch.h"
#include "fakes/world.h"

using fakes::World;
using Apps = std::vector<std::string>;

TEST_CASE("LINKS is changed by whole lines", "[links]") {
    World world;
    const auto one = world.add_service("db");
    World::write(one.file("LINKS"), "foo.bar\nfoo-bar");
    CHECK(service::linked_apps(one) == Apps{"foo-bar", "foo.bar"});
    service::remove_from_links(one, "foo.bar");
    CHECK(service::linked_apps(one) == Apps{"foo-bar"});
    service::add_to_links(one, "a");
    service::add_to_links(one, "a");
    CHECK(World::read(one.file("LINKS")) == "a\nfoo-bar\n");
    CHECK(service::is_linked(one, "a"));
    CHECK_FALSE(service::is_linked(one, "foo"));
}

TEST_CASE("a line that can be no app is passed over and kept", "[links]") {
    World world;
    const auto one = world.add_service("db");
    World::write(one.file("LINKS"), "../x\napp\n");
    CHECK(service::linked_apps(one) == Apps{"app"});
    service::add_to_links(one, "b");
    CHECK(World::read(one.file("LINKS")) == "../x\napp\nb\n");
}

TEST_CASE("the detail of a link comes back as it was written", "[links]") {
    World world;
    const auto one = world.add_service("db");
    CHECK(service::link_details(one).empty());
    const service::Link web{
        .app = "web",
        .variables = {{.name = "DATABASE_URL", .scheme = "", .querystring = "a=b&c='\""},
                      {.name = "X_URL", .scheme = "postgis", .querystring = ""}}};
    const service::Link api{
        .app = "api", .variables = {{.name = "DATABASE_URL", .scheme = "", .querystring = ""}}};
    service::write_link_detail(one, web);
    service::write_link_detail(one, api);
    CHECK(service::link_details(one) == std::vector<service::Link>{api, web});
    CHECK(service::link_detail(one, "web") == web);
    CHECK(service::link_detail(one, "none").variables.empty());
    struct stat status {};
    REQUIRE(::stat(one.file("links.yml").c_str(), &status) == 0);
    CHECK((status.st_mode & 0777U) == 0600);
    service::remove_link_detail(one, "web");
    service::remove_link_detail(one, "api");
    CHECK(service::link_details(one).empty());
}

TEST_CASE("the services of an app are those whose LINKS name it", "[links]") {
    World world;
    for (const auto* name : {"b", "a", "c"}) {
        const auto one = world.add_service(name);
        if (one.name != "c") service::add_to_links(one, "web");
    }
    const auto found = service::services_of(world.context, "web");
    REQUIRE(found.size() == 2);
    CHECK(found[0].name == "a");
    CHECK(service::services_of(world.context, "we").empty());
    CHECK(world.engine.calls.empty());
    CHECK(world.dokku.reads.empty());
}

TEST_CASE("a long LINKS and one without a line's end are read to the end", "[links]") {
    World world;
    const auto many = world.add_service("many");
    std::string text;
    for (int i = 0; i < 2000; ++i) text += "app" + std::to_string(i) + "\n";
    World::write(many.file("LINKS"), text + "last");
    const auto names = [&](const std::string& app) {
        Apps found;
        for (const auto& service : service::services_of(world.context, app)) {
            found.push_back(service.name);
        }
        return found;
    };
    CHECK(names("last") == Apps{"many"});
    CHECK(names("app1999") == Apps{"many"});
    CHECK(names("app").empty());
    CHECK(names("").empty());
    std::filesystem::remove(many.file("LINKS"));
    CHECK(names("last").empty());
    std::filesystem::create_directory(many.file("LINKS"));
    CHECK_THROWS_AS(service::services_of(world.context, "last"), Error);
}
