// The plugin comes, and goes again.

#include "official/installation.h"

#include <sys/stat.h>

#include "error/error.h"
#include "fakes/catch.h"
#include "fakes/world.h"
#include "linking/adoption.h"
#include "linking/link.h"
#include "server/linked_apps.h"
#include "service/links.h"
#include "service/record.h"
#include "service/unfinished.h"

using fakes::World;
using Names = std::vector<std::string>;

namespace {

/// A plugin's folder whose `wait` does this.
std::filesystem::path plugin(World& world, const std::string& body = "exit 0") {
    const auto folder = world.root / "plugin";
    std::filesystem::create_directories(folder / "subcommands");
    World::write(folder / "subcommands" / "wait", "#!/bin/sh\n" + body + "\n");
    ::chmod((folder / "subcommands" / "wait").c_str(), 0755);
    return folder;
}

}  // namespace

TEST_CASE("services of the official plugin are adopted without a restart", "[installation]") {
    World world;
    const auto db = world.add_service("db");
    std::filesystem::remove(db.file("IMAGE"));
    service::add_to_links(db, "web");
    world.dokku.add("web");
    world.add_container(db);
    auto& app = world.engine.add("web.web.1", "running", {{"com.dokku.app-name", "web"}});
    official::install(world.context, plugin(world));
    CHECK(world.engine.containers.at(db.container()).on("dokku-postgres") != nullptr);
    CHECK(app.on("dokku-postgres") != nullptr);
    CHECK(world.engine.count("start") == 0);
    CHECK(world.engine.count("create") == 0);
    CHECK(World::read(db.file("IMAGE")) == "postgres\n");
    CHECK_FALSE(std::filesystem::exists(db.file("service.yml")));
    CHECK(std::filesystem::is_directory(world.environment.data / "locks"));
    const auto calls = world.engine.calls.size();
    official::install(world.context, plugin(world));
    // the network, the services, the app's containers twice
    CHECK(world.engine.calls.size() - calls == 4);
    CHECK(world.dokku.calls.empty());
    app.networks.clear();  // one that was deployed while there was no hook
    official::install(world.context, plugin(world));
    CHECK(app.on("dokku-postgres") != nullptr);
}

TEST_CASE("what was linked before it was finished is finished without its links too",
          "[installation]") {
    World world;
    const auto db = world.add_service("db");
    auto record = service::read_record(db);
    record.own_files = true;
    service::write_record(db, record);
    const bool by_mark = GENERATE(true, false);
    if (by_mark)
        World::write(db.file("service.yml"),
                     World::read(db.file("service.yml")) + "state: \"creating\"\n");
    else
        state::write_journal(db.folder, service::unfinished_creation(db, "create"));
    world.add_container(db);
    official::install(world.context, plugin(world));
    CHECK(service::unfinished(db));
    service::add_to_links(db, "web");
    world.dokku.add("web");
    official::install(world.context, plugin(world));
    service::remove_from_links(db, "web");
    CHECK_FALSE(service::unfinished(db));
}

TEST_CASE("an engine that is down and services that are broken stop nothing", "[installation]") {
    World world;
    const auto bad = world.add_service("bad");
    const auto good = world.add_service("good");
    World::write(bad.file("service.yml"), "{[");
    world.add_container(bad);
    world.add_container(good);
    SECTION("broken") {
        CHECK_NOTHROW(official::install(world.context, plugin(world)));
        CHECK(world.engine.containers.at(good.container()).on("dokku-postgres") != nullptr);
    }
    SECTION("down") {
        world.engine.before = [](const std::string&) { throw Error{"no engine"}; };
        CHECK_NOTHROW(official::install(world.context, plugin(world)));
    }
    SECTION("dokku does not answer") {
        world.dokku.fail("apps");
        CHECK_NOTHROW(official::install(world.context, plugin(world)));
    }
}

TEST_CASE("programs that cannot run here are an error", "[installation]") {
    World world;
    CHECK_THROWS_AS(
        official::install(world.context, plugin(world, "echo 'GLIBC_9.9 not found' >&2; exit 1")),
        Error);
}

TEST_CASE("what the official plugin reads is there when we go", "[installation]") {
    World world;
    const auto db = world.add_service("db");
    const auto id = world.add_container(db).id;
    for (const auto* entry : {"ENV", "LINKS"}) std::filesystem::remove(db.file(entry));
    auto& app = world.dokku.add("web");
    linking::link(db, "web", {.alias = "REPORTING"});
    service::add_to_links(db, "gone");
    official::give_back(world.context);
    CHECK(World::read(db.file("ID")) == id);
    CHECK(World::read(db.file("ENV")) == "\n");
    CHECK(World::read(db.file("LINKS")) == "gone\nweb\n");
    for (const auto* phase : {"build", "deploy", "run"}) {
        CHECK(app.options[phase] == Names{"--link dokku.postgres.db:dokku-postgres-db"});
    }
    CHECK(app.config.contains("REPORTING_URL"));
    CHECK_FALSE(std::filesystem::exists(db.file("links.yml")));
    SECTION("and we find all of it when we come back") {
        CHECK(server::apps_on_old_links(db) == Names{"gone", "web"});
        linking::take_over(db, "web");
        CHECK(service::link_detail(db, "web").variables.at(0).name == "REPORTING_URL");
        CHECK(app.options["deploy"].empty());
    }
}

TEST_CASE("networks are properties again when we go", "[installation]") {
    World world;
    const auto db = world.add_service("db");
    service::Record record = service::read_record(db);
    record.post_create_network = {"a", "b"};
    service::write_record(db, record);
    world.dokku.properties.clear();
    official::give_back(world.context);
    CHECK(world.dokku.properties["db"]["post-create-network"] == "a,b");
}

TEST_CASE("going back does not stop at a broken service", "[installation]") {
    World world;
    const auto bad = world.add_service("bad");
    const auto good = world.add_service("good");
    service::add_to_links(bad, "web");
    service::add_to_links(good, "web");
    auto& app = world.dokku.add("web");
    world.dokku.fail("add_docker_option web --link dokku.postgres.bad:");
    CHECK_NOTHROW(official::give_back(world.context));
    CHECK(app.options["deploy"] == Names{"--link dokku.postgres.good:dokku-postgres-good"});
}
