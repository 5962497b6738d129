// From the official plugin's links to ours, live.

#include "linking/adoption.h"

#include "error/error.h"
#include "fakes/catch.h"
#include "fakes/world.h"
#include "server/container.h"
#include "server/linked_apps.h"
#include "service/links.h"

using fakes::World;
using Names = std::vector<std::string>;

namespace {

const std::string net = "dokku-postgres";

engine::Container& app_container(World& world, const std::string& app,
                                 const std::string& status = "running") {
    return world.engine.add(app + ".web.1", status, {{"com.dokku.app-name", app}});
}

}  // namespace

TEST_CASE("the option of an official link, word for word", "[adoption]") {
    World world;
    CHECK(linking::link_option(world.add_service("my_db")) ==
          "--link dokku.postgres.my_db:dokku-postgres-my-db");
}

TEST_CASE("a new container joins with two engine calls", "[adoption]") {
    World world;
    world.engine.networks = {net};
    auto& container = app_container(world, "web", "created");
    server::join_new_container(world.context, "web", container.id);
    CHECK(container.on(net) != nullptr);
    CHECK(world.engine.calls.size() == 2);
}

TEST_CASE("a container on a network that cannot be shared is left", "[adoption]") {
    World world;
    auto& container = app_container(world, "web", "created");
    world.engine.fail_on["connect"] = "container sharing network namespace";
    for (const std::string mode : {"host", "none", "container:abc"}) {
        container.network_mode = mode;
        CHECK_NOTHROW(server::join_new_container(world.context, "web", container.id));
    }
    container.network_mode = "default";
    CHECK_THROWS_AS(server::join_new_container(world.context, "web", container.id), Error);
}

TEST_CASE("an adopted service and its apps join live, and nothing is started", "[adoption]") {
    World world;
    const auto db = world.add_service("db");
    service::add_to_links(db, "api");
    service::add_to_links(db, "web");
    auto& own = world.add_container(db);
    auto& web = app_container(world, "web");
    auto& api = app_container(world, "api");
    auto& other = app_container(world, "other");
    server::join_our_network(db, own);
    CHECK(own.on(net) != nullptr);
    CHECK(web.on(net) != nullptr);
    CHECK(api.on(net) != nullptr);
    CHECK(other.on(net) == nullptr);
    CHECK(world.engine.count("start") == 0);
    CHECK(world.engine.count("restart") == 0);
    CHECK(world.engine.count("create") == 0);
}

TEST_CASE("an app container that cannot join does not stop the others", "[adoption]") {
    World world;
    const auto db = world.add_service("db");
    world.engine.networks.insert(net);
    auto& first = world.engine.add("web.web.1", "running", {{"com.dokku.app-name", "web"}});
    auto& second = world.engine.add("web.web.2", "running", {{"com.dokku.app-name", "web"}});
    world.engine.before = [&](const std::string& line) {
        if (line == "connect " + net + " " + first.id) throw Error{"no more addresses"};
    };
    const auto ids = server::running_containers(world.context, "web");
    server::join_containers(world.context, "web", world.engine.find_all(ids));
    CHECK(first.on(net) == nullptr);
    CHECK(second.on(net) != nullptr);
}

TEST_CASE("an official link is taken over once", "[adoption]") {
    World world;
    const auto db = world.add_service("db");
    service::add_to_links(db, "web");
    auto& app = world.dokku.add(
        "web", {{"SOME_URL", "postgis://postgres:old@dokku-postgres-db:5432/db?pool=5"}});
    const Names theirs = {linking::link_option(db), "--restart=always"};
    app.options = {{"build", theirs}, {"deploy", theirs}, {"run", theirs}};
    CHECK(server::apps_on_old_links(db) == Names{"web"});
    linking::take_over(db, "web");
    for (const auto& [phase, options] : app.options) CHECK(options == Names{"--restart=always"});
    CHECK(service::link_detail(db, "web").variables ==
          std::vector<service::Variable>{
              {.name = "SOME_URL", .scheme = "postgis", .querystring = "pool=5"}});
    CHECK(server::apps_on_old_links(db).empty());
    world.dokku.reads.clear();
    world.dokku.calls.clear();
    linking::take_over(db, "web");
    CHECK(world.dokku.reads.empty());
    CHECK(world.dokku.calls.empty());
}

TEST_CASE("an official link without a variable is taken over once too", "[adoption]") {
    World world;
    const auto db = world.add_service("db");
    service::add_to_links(db, "web");
    world.dokku.add("web");
    linking::take_over(db, "web");
    linking::take_over(db, "web");
    CHECK(world.dokku.calls.size() == 1);
}

TEST_CASE("apps on old links are deployed when the container was made again", "[adoption]") {
    World world;
    const auto db = world.add_service("db");
    service::add_to_links(db, "old");
    service::add_to_links(db, "new");
    service::write_link_detail(db, {.app = "new", .variables = {}});
    world.dokku.add("old", {}, true);
    world.dokku.add("new", {}, true);
    SECTION("by a command") {
        server::follow_new_container(db, true);
        CHECK(world.dokku.calls == Names{"deploy old"});
    }
    SECTION("by a hook, which only says it") {
        server::follow_new_container(db, false);
        CHECK(world.dokku.calls.empty());
    }
    SECTION("but for the one that is being deployed") {
        server::follow_new_container(db, true, "old");
        CHECK(world.dokku.calls.empty());
    }
}
