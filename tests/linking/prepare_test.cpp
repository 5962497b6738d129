// An app's services serve before its containers start.

#include "linking/prepare.h"

#include <sys/stat.h>

#include "error/error.h"
#include "fakes/catch.h"
#include "fakes/world.h"
#include "service/links.h"

using fakes::World;
using Names = std::vector<std::string>;

namespace {

const std::string net = "dokku-postgres";

/// A program in the place of subcommands/wait.
std::filesystem::path wait(World& world, const std::string& body) {
    const auto path = world.root / "wait";
    World::write(path, "#!/bin/sh\n" + body + "\n");
    ::chmod(path.c_str(), 0755);
    return path;
}

service::Service linked(World& world, const std::string& name, const std::string& variable) {
    const auto made = world.add_service(name);
    service::write_link_detail(
        made, {.app = "web", .variables = {{.name = variable, .scheme = "", .querystring = ""}}});
    service::add_to_links(made, "web");
    return made;
}

engine::Container& serving(World& world, const service::Service& service) {
    world.engine.networks.insert(net);
    auto& made = world.add_container(service);
    made.networks.push_back({.network = net,
                             .address = "172.31.0.9",
                             .aliases = {service.host(), service.container()}});
    return made;
}

}  // namespace

TEST_CASE("an app without links touches nobody", "[prepare]") {
    World world;
    world.add_service("db");
    CHECK(linking::prepare(world.context, "web", "/no/such/program").empty());
    CHECK(world.engine.calls.empty());
    CHECK(world.dokku.reads.empty());
}

TEST_CASE("services that serve are asked for with one engine call", "[prepare]") {
    World world;
    serving(world, linked(world, "one", "DATABASE_URL"));
    serving(world, linked(world, "two", "TWO_URL"));
    world.dokku.add("web");
    const auto repaired = linking::prepare(
        world.context, "web", wait(world, "echo \"$*\" >>" + (world.root / "log").string()));
    CHECK(repaired == Names{"DATABASE_URL", "TWO_URL"});
    CHECK(world.engine.calls.size() == 1);
    const auto log = World::read(world.root / "log");
    CHECK(log.find("--for-hook one\n") != std::string::npos);
    CHECK(log.find("--for-hook two\n") != std::string::npos);
    CHECK(linking::prepare(world.context, "web", wait(world, "exit 0")).empty());
}

TEST_CASE("a port on the host is served again as well", "[prepare]") {
    World world;
    const auto db = linked(world, "db", "DATABASE_URL");
    serving(world, db);
    World::write(db.file("PORT"), "127.0.0.1:5433\n");
    engine::Container forwarder;
    forwarder.id = std::string(64, 'f');
    forwarder.name = db.ambassador();
    forwarder.status = "exited";
    forwarder.networks.push_back({.network = net, .address = {}, .aliases = {}});
    world.engine.containers[forwarder.name] = forwarder;
    world.dokku.add("web");
    linking::prepare(world.context, "web", wait(world, "exit 0"));
    CHECK(world.engine.containers[forwarder.name].running());

    // one that cannot be served does not keep an app from its database
    world.engine.containers.erase(forwarder.name);
    World::write(db.file("PORT"), "no port\n");
    CHECK_NOTHROW(linking::prepare(world.context, "web", wait(world, "exit 0")));

    // nor does a record that cannot be read, of which the app needs nothing
    World::write(db.file("service.yml"), "state: [\n");
    CHECK_NOTHROW(linking::prepare(world.context, "web", wait(world, "exit 0")));
}

TEST_CASE("a service that is down is brought up", "[prepare]") {
    World world;
    const auto db = linked(world, "db", "DATABASE_URL");
    auto& container = serving(world, db);
    container.status = "exited";
    world.dokku.add("web");
    linking::prepare(world.context, "web", wait(world, "exit 0"));
    CHECK(world.engine.containers.at(db.container()).running());
}

TEST_CASE("an adopted service joins the network, and its link is taken over", "[prepare]") {
    World world;
    const auto db = world.add_service("db");
    service::add_to_links(db, "web");
    world.add_container(db);
    auto& app = world.dokku.add(
        "web", {{"DATABASE_URL", "postgres://postgres:x@dokku-postgres-db:5432/db"}});
    app.options["deploy"] = {"--link dokku.postgres.db:dokku-postgres-db"};
    const Names repaired = linking::prepare(world.context, "web", wait(world, "exit 0"));
    CHECK(repaired == Names{"DATABASE_URL"});
    CHECK(app.options["deploy"].empty());
    CHECK(world.engine.containers.at(db.container()).on(net) != nullptr);
    CHECK(world.engine.count("start") == 0);
    CHECK(service::link_detail(db, "web").variables.size() == 1);
}

TEST_CASE("a service that does not get ready stops the deploy with its own words", "[prepare]") {
    World world;
    serving(world, linked(world, "db", "DATABASE_URL"));
    world.dokku.add("web");
    const auto program = wait(world,
                              "echo ' !     Postgres service db did not answer' >&2\n"
                              "echo ' !     Look at its logs.' >&2\nexit 6");
    try {
        linking::prepare(world.context, "web", program);
        FAIL("nothing was thrown");
    } catch (const Error& error) {
        CHECK(std::string(error.what()) == "Postgres service db did not answer");
        CHECK(error.hint() == "Look at its logs.");
        CHECK(error.code() == Exit::timed_out);
    }
    CHECK(world.dokku.calls.empty());
}

TEST_CASE("several services are waited for side by side", "[prepare]") {
    World world;
    serving(world, linked(world, "one", "DATABASE_URL"));
    serving(world, linked(world, "two", "TWO_URL"));
    world.dokku.add("web");
    // each waits until it sees the other
    const std::string folder = world.root.string();
    const auto program = wait(world, "touch " + folder +
                                         "/is-$2\n"
                                         "while [ ! -e " +
                                         folder + "/is-one ] || [ ! -e " + folder +
                                         "/is-two ]; do sleep 0.01; done");
    CHECK_NOTHROW(linking::prepare(world.context, "web", program));
}

TEST_CASE("at boot every linked service is brought up, whatever one of them does", "[prepare]") {
    World world;
    const auto bad = linked(world, "bad", "A_URL");
    const auto good = linked(world, "good", "B_URL");
    const auto lone = world.add_service("lone");
    serving(world, good).status = "exited";
    serving(world, lone).status = "exited";
    World::write(bad.file("service.yml"), "{[");
    linking::bring_up_linked(world.context);
    CHECK(world.engine.containers.at(good.container()).running());
    CHECK_FALSE(world.engine.containers.at(lone.container()).running());
}

TEST_CASE("an image of herokuish keeps the config inside", "[prepare]") {
    World world;
    CHECK_FALSE(linking::bakes_config(world.context, "web", ""));
    auto& image = world.engine.images["dokku/web:latest"];
    image.labels = {{"com.dokku.builder-type", "herokuish"}};
    CHECK(linking::bakes_config(world.context, "web", ""));
    CHECK(linking::bakes_config(world.context, "web", "latest"));
    CHECK_FALSE(linking::bakes_config(world.context, "web", "other"));
    image.labels = {{"com.dokku.builder-type", "dockerfile"}};
    CHECK_FALSE(linking::bakes_config(world.context, "web", "latest"));
}
