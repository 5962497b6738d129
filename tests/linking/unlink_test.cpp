// Unlinking: what is ours goes, what is not stays.

#include "linking/unlink.h"

#include <functional>
#include <utility>

#include "error/error.h"
#include "fakes/catch.h"
#include "fakes/world.h"
#include "linking/link.h"
#include "service/links.h"

using fakes::World;
using Names = std::vector<std::string>;

namespace {

const std::string url = "postgres://postgres:secret@dokku-postgres-db:5432/db";

std::pair<std::string, Exit> refusal(const std::function<void()>& what) {
    try {
        what();
    } catch (const Error& error) {
        return {error.what(), error.code()};
    }
    return {"nothing", Exit::ok};
}

}  // namespace

TEST_CASE("record, variable and line go, and the app is deployed once", "[unlink]") {
    World world;
    const auto db = world.add_service("db");
    auto& app = world.dokku.add("web", {{"KEEP", "1"}}, true);
    linking::link(db, "web", {});
    world.dokku.calls.clear();
    linking::unlink(db, "web", true);
    CHECK(app.config == host::Config{{"KEEP", "1"}});
    CHECK_FALSE(service::is_linked(db, "web"));
    CHECK(service::link_details(db).empty());
    CHECK(world.dokku.calls ==
          Names{"trigger service-action pre-unlink postgres db web",
                "unset_config web DATABASE_URL",
                "trigger service-action post-unlink postgres db web", "deploy web",
                "trigger service-action post-unlink-complete postgres db web"});
}

TEST_CASE("an app whose name looks like another's keeps its link", "[unlink]") {
    World world;
    const auto db = world.add_service("db");
    world.dokku.add("foo.bar");
    world.dokku.add("foo-bar");
    linking::link(db, "foo.bar", {});
    linking::link(db, "foo-bar", {});
    linking::unlink(db, "foo.bar", true);
    CHECK(service::linked_apps(db) == Names{"foo-bar"});
    CHECK(service::link_detail(db, "foo-bar").variables.size() == 1);
}

TEST_CASE("a variable that was given to something else stays", "[unlink]") {
    World world;
    const auto db = world.add_service("db");
    auto& app = world.dokku.add("web");
    linking::link(db, "web", {});
    SECTION("foreign") {
        app.config["DATABASE_URL"] = "postgres://elsewhere/x";
        linking::unlink(db, "web", true);
        CHECK(app.config.contains("DATABASE_URL"));
    }
    SECTION("ours with an old password") {
        app.config["DATABASE_URL"] = "postgres://postgres:old@dokku-postgres-db:5432/db";
        linking::unlink(db, "web", true);
        CHECK(app.config.empty());
    }
    CHECK_FALSE(service::is_linked(db, "web"));
}

TEST_CASE("what is not linked is said", "[unlink]") {
    World world;
    const auto db = world.add_service("db");
    world.dokku.add("web", {{"DATABASE_URL", url}});
    const auto [message, code] = refusal([&] { linking::unlink(db, "web", true); });
    CHECK(message == "Not linked to app web");
    CHECK(code == Exit::failed);
    CHECK(world.dokku.calls.empty());
    CHECK(refusal([&] { linking::unlink(db, "gone", true); }).second == Exit::no_app);
}

TEST_CASE("an unlink that was killed is finished by the next", "[unlink]") {
    World world;
    const auto db = world.add_service("db");
    auto& app = world.dokku.add("web");
    linking::link(db, "web", {});
    service::remove_from_links(db, "web");
    SECTION("after LINKS") {}
    SECTION("after the config") { app.config.clear(); }
    linking::unlink(db, "web", true);
    CHECK(app.config.empty());
    CHECK(service::link_details(db).empty());
}

TEST_CASE("the records of an app that is gone go", "[unlink]") {
    World world;
    const auto db = world.add_service("db");
    service::add_to_links(db, "gone");
    linking::unlink(db, "gone", true);
    CHECK(service::linked_apps(db).empty());
    CHECK(world.dokku.count("deploy") == 0);
    CHECK(world.dokku.count("unset_config") == 0);
}

TEST_CASE("an app that the caller may not see stays linked", "[unlink]") {
    World world;
    const auto db = world.add_service("db");
    service::add_to_links(db, "web");
    world.dokku.add("web").hidden = true;
    CHECK(refusal([&] { linking::unlink(db, "web", true); }).second == Exit::no_app);
    CHECK(service::is_linked(db, "web"));
}

TEST_CASE("an official link goes with its docker option", "[unlink]") {
    World world;
    const auto db = world.add_service("db");
    service::add_to_links(db, "web");
    auto& app = world.dokku.add("web", {{"SOME_URL", url}});
    app.options["deploy"] = {"--link dokku.postgres.db:dokku-postgres-db", "--restart=always"};
    linking::unlink(db, "web", false);
    CHECK(app.config.empty());
    CHECK(app.options["deploy"] == Names{"--restart=always"});
    CHECK(service::link_details(db).empty());
}
