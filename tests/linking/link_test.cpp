// Linking, finished when it was killed, refused when it cannot be.

#include "linking/link.h"

#include <algorithm>
#include <functional>
#include <utility>

#include "error/error.h"
#include "fakes/catch.h"
#include "fakes/world.h"
#include "service/links.h"
#include "service/record.h"
#include "service/unfinished.h"
#include "service/variables.h"
#include "state/lock.h"

using Catch::Matchers::Contains;
using fakes::World;
using Names = std::vector<std::string>;

namespace {

std::string url(const std::string& name) {
    return "postgres://postgres:secret@dokku-postgres-" + name + ":5432/" + name;
}

/// What is thrown, as a message and a code.
std::pair<std::string, Exit> refusal(const std::function<void()>& what) {
    try {
        what();
    } catch (const Error& error) {
        return {error.what(), error.code()};
    }
    return {"nothing", Exit::ok};
}

}  // namespace

TEST_CASE("a link is a record, a variable and a line in LINKS", "[link]") {
    World world;
    const auto db = world.add_service("db");
    auto& app = world.dokku.add("web", {}, true);
    linking::link(db, "web", {});
    CHECK(app.config == host::Config{{"DATABASE_URL", url("db")}});
    CHECK(service::is_linked(db, "web"));
    CHECK(
        service::link_detail(db, "web").variables ==
        std::vector<service::Variable>{{.name = "DATABASE_URL", .scheme = "", .querystring = ""}});
    CHECK(world.dokku.calls == Names{"trigger service-action pre-link postgres db web",
                                     "set_config web DATABASE_URL=" + url("db"),
                                     "trigger service-action post-link postgres db web",
                                     "deploy web",
                                     "trigger service-action post-link-complete postgres db web"});
    CHECK(world.engine.calls.empty());
}

TEST_CASE("no lock is held while others run", "[link]") {
    World world;
    const auto db = world.add_service("db");
    world.dokku.add("web", {}, true);
    world.dokku.before = [&](const std::string& line) {
        if (line.starts_with("deploy") || line.starts_with("trigger")) {
            const state::Lock service_lock(world.context.environment, state::Lock::Of::service,
                                           "db");
            const state::Lock app_lock(world.context.environment, state::Lock::Of::app, "web");
        }
    };
    linking::link(db, "web", {});
    CHECK(world.dokku.count("deploy web") == 1);
}

TEST_CASE("the name of the variable", "[link]") {
    World world;
    const auto db = world.add_service("db");
    auto& app = world.dokku.add("web");
    SECTION("a further database gets a colour") {
        app.config["DATABASE_URL"] = "postgres://u:p@host:5432/db";
        linking::link(db, "web", {});
        CHECK(app.config.at("DOKKU_POSTGRES_AQUA_URL") == url("db"));
        linking::link(world.add_service("other"), "web", {});
        CHECK(app.config.at("DOKKU_POSTGRES_BLACK_URL") == url("other"));
    }
    SECTION("a variable whose name only ends so is no obstacle") {
        app.config["EXTERNAL_DATABASE_URL"] = "x";
        linking::link(db, "web", {});
        CHECK(app.config.at("DATABASE_URL") == url("db"));
    }
    SECTION("an alias in any form") {
        linking::link(db, "web", {.alias = "reporting_database_url"});
        CHECK(app.config.at("REPORTING_DATABASE_URL") == url("db"));
    }
    SECTION("an alias that is taken is refused, and nothing changes") {
        app.config["REPORTING_URL"] = "x";
        const auto [message, code] =
            refusal([&] { linking::link(db, "web", {.alias = "REPORTING"}); });
        CHECK(message == "Specified alias REPORTING already in use");
        CHECK(code == Exit::refused);
        CHECK_FALSE(service::is_linked(db, "web"));
        CHECK(world.dokku.calls.empty());
    }
    SECTION("what another record claims is taken though the config lacks it") {
        const auto other = world.add_service("other");
        linking::link(other, "web", {});
        app.config.clear();
        linking::link(db, "web", {});
        CHECK(app.config.at("DOKKU_POSTGRES_AQUA_URL") == url("db"));
    }
    SECTION("a variable that points to the service already is the link's") {
        app.config["MINE_URL"] = "postgres://postgres:old@dokku-postgres-db:5432/db";
        linking::link(db, "web", {});
        CHECK(app.config == host::Config{{"MINE_URL", url("db")}});
    }
}

TEST_CASE("scheme and query string are the link's own", "[link]") {
    World world;
    const auto db = world.add_service("db");
    auto& app = world.dokku.add("web", {{"POSTGRES_DATABASE_SCHEME", "postgres2"}});
    SECTION("the app's scheme") {
        linking::link(db, "web", {.querystring = "?pool=5"});
        CHECK_THAT(app.config.at("DATABASE_URL"), Contains("postgres2://postgres:"));
        CHECK_THAT(app.config.at("DATABASE_URL"), Contains("/db?pool=5"));
    }
    SECTION("the flag's scheme") {
        linking::link(db, "web", {.scheme = "postgis"});
        CHECK_THAT(app.config.at("DATABASE_URL"), Contains("postgis://postgres:"));
    }
}

TEST_CASE("what is typed wrong changes nothing", "[link]") {
    World world;
    const auto db = world.add_service("db");
    world.dokku.add("web");
    const auto code = [&](const std::string& app, const linking::LinkOptions& options) {
        return refusal([&] { linking::link(db, app, options); }).second;
    };
    CHECK(code("web", {.alias = "a b"}) == Exit::usage);
    CHECK(code("web", {.alias = "_url"}) == Exit::usage);
    CHECK(code("web", {.querystring = "a#b"}) == Exit::usage);
    CHECK(code("web", {.scheme = "HTTP://"}) == Exit::usage);
    CHECK(code("gone", {}) == Exit::no_app);
    CHECK(code("../x", {}) == Exit::usage);
    CHECK(world.dokku.calls.empty());
    CHECK(World::read(db.file("LINKS")).empty());
}

TEST_CASE("an app of another scheduler is refused", "[link]") {
    World world;
    const auto db = world.add_service("db");
    world.dokku.add("web").scheduler = "k3s";
    CHECK(refusal([&] { linking::link(db, "web", {}); }).second == Exit::refused);
    CHECK(world.dokku.calls.empty());
}

TEST_CASE("a service that is not finished is refused", "[link]") {
    World world;
    const auto db = world.add_service("db");
    world.dokku.add("web");
    state::write_journal(db.folder, service::unfinished_creation(db, "create"));
    CHECK(refusal([&] { linking::link(db, "web", {}); }).second == Exit::refused);
    CHECK_FALSE(service::is_linked(db, "web"));
}

TEST_CASE("a plugin may refuse before anything is changed", "[link]") {
    World world;
    const auto db = world.add_service("db");
    world.dokku.add("web");
    world.dokku.fail("trigger service-action pre-link");
    CHECK_THROWS_AS(linking::link(db, "web", {}), Error);
    CHECK_FALSE(service::is_linked(db, "web"));
    CHECK(service::link_details(db).empty());
}

TEST_CASE("the app's config is read once more only where a plugin listens", "[link]") {
    World world;
    const auto db = world.add_service("db");
    world.dokku.add("web");
    std::size_t reads = 0;
    SECTION("somebody does") {
        world.dokku.heard = true;
        reads = 2;
    }
    SECTION("nobody does") {
        world.dokku.heard = false;
        reads = 1;
    }
    linking::link(db, "web", {});
    CHECK(static_cast<std::size_t>(std::count(world.dokku.reads.begin(), world.dokku.reads.end(),
                                              "config web")) == reads);
    CHECK(service::is_linked(db, "web"));
}

TEST_CASE("linked already where nobody listens changes nothing", "[link]") {
    World world;
    const auto db = world.add_service("db");
    world.dokku.add("web");
    world.dokku.heard = false;
    linking::link(db, "web", {});
    const auto calls = world.dokku.calls;
    CHECK(refusal([&] { linking::link(db, "web", {}); }).first == "Already linked as DATABASE_URL");
    CHECK(world.dokku.calls == calls);
}

TEST_CASE("linked already", "[link]") {
    World world;
    const auto db = world.add_service("db");
    auto& app = world.dokku.add("web", {}, true);
    SECTION("and true: said") {
        linking::link(db, "web", {});
        const auto [message, code] = refusal([&] { linking::link(db, "web", {.alias = "OTHER"}); });
        CHECK(message == "Already linked as DATABASE_URL");
        CHECK(code == Exit::failed);
        CHECK(world.dokku.count("deploy") == 1);
    }
    SECTION("and not true: put right and deployed") {
        linking::link(db, "web", {});
        app.config["DATABASE_URL"] = "x";
        linking::link(db, "web", {});
        CHECK(app.config.at("DATABASE_URL") == url("db"));
        CHECK(world.dokku.count("deploy") == 2);
        CHECK(world.dokku.count("trigger service-action pre-link") == 1);
    }
    SECTION("by the official plugin") {
        service::add_to_links(db, "web");
        app.config["SOME_URL"] = url("db");
        CHECK(refusal([&] { linking::link(db, "web", {}); }).first == "Already linked as SOME_URL");
    }
    SECTION("by a line in LINKS alone, which no variable goes with") {
        service::add_to_links(db, "web");
        linking::link(db, "web", {});
        CHECK(app.config.at("DATABASE_URL") == url("db"));
    }
}

TEST_CASE("a link that was killed at any write is finished by the next", "[link]") {
    World world;
    const auto db = world.add_service("db");
    auto& app = world.dokku.add("web");
    const service::Link detail{
        .app = "web", .variables = {{.name = "REPORTING_URL", .scheme = "", .querystring = ""}}};
    service::write_link_detail(db, detail);
    SECTION("after the detail") {}
    SECTION("after the config") { app.config["REPORTING_URL"] = url("db"); }
    linking::link(db, "web", {.alias = "REPORTING"});
    CHECK(app.config == host::Config{{"REPORTING_URL", url("db")}});
    CHECK(service::is_linked(db, "web"));
    CHECK(service::link_detail(db, "web") == detail);
}

TEST_CASE("a killed link run again under another name leaves nothing of the first", "[link]") {
    World world;
    const auto db = world.add_service("db");
    auto& app = world.dokku.add("web", {{"REPORTING_URL", url("db")}});
    service::write_link_detail(
        db,
        {.app = "web", .variables = {{.name = "REPORTING_URL", .scheme = "", .querystring = ""}}});
    linking::link(db, "web", {.alias = "OTHER"});
    CHECK(app.config == host::Config{{"OTHER_URL", url("db")}});
}

TEST_CASE("without a restart the running containers join the network", "[link]") {
    World world;
    const auto db = world.add_service("db");
    world.add_container(db);
    world.engine.networks.insert("dokku-postgres");
    auto& container = world.engine.add("web.web.1", "running", {{"com.dokku.app-name", "web"}});
    world.dokku.add("web", {}, true);
    SECTION("by the flag") { linking::link(db, "web", {.restart = false}); }
    SECTION("by Dokku's own flag") {
        world.environment.no_restart = true;
        linking::link(db, "web", {});
    }
    CHECK(world.dokku.count("deploy") == 0);
    CHECK(container.on("dokku-postgres") != nullptr);
    const auto* end = world.engine.containers[db.container()].on("dokku-postgres");
    REQUIRE(end != nullptr);
    CHECK(std::find(end->aliases.begin(), end->aliases.end(), "dokku-postgres-db") !=
          end->aliases.end());
}

TEST_CASE("without a restart the engine is asked for no more than is needed", "[link]") {
    World world;
    const auto db = world.add_service("db");
    world.engine.networks.insert("dokku-postgres");
    world.add_container(db).networks.push_back({.network = "dokku-postgres",
                                                .address = "172.31.0.9",
                                                .aliases = {db.host(), db.container()}});
    world.dokku.add("web");
    SECTION("an app that does not run") {
        linking::link(db, "web", {.restart = false});
        CHECK(world.engine.calls.size() == 1);
    }
    SECTION("an app that is on the network") {
        auto& web = world.engine.add("web.web.1", "running", {{"com.dokku.app-name", "web"}});
        web.networks.push_back(
            {.network = "dokku-postgres", .address = "172.31.0.8", .aliases = {}});
        linking::link(db, "web", {.restart = false});
        CHECK(world.engine.calls.size() == 2);
        CHECK(world.engine.count("connect") == 0);
    }
}

TEST_CASE("a deploy that fails leaves the link", "[link]") {
    World world;
    const auto db = world.add_service("db");
    world.dokku.add("web", {}, true);
    world.dokku.fail("deploy");
    CHECK_THROWS_AS(linking::link(db, "web", {}), Error);
    CHECK(service::is_linked(db, "web"));
}

TEST_CASE("the app of a command", "[link]") {
    World world;
    CHECK(linking::chosen_app(world.context, "web") == "web");
    CHECK(refusal([&] { linking::chosen_app(world.context, {}); }).first ==
          "Please specify an app to run the command on");
    world.environment.app = "api";
    CHECK(linking::chosen_app(world.context, {}) == "api");
    CHECK(linking::chosen_app(world.context, "web") == "web");
}
