// Waiting for servers of every kind.

#include "server/ready.h"

#include <thread>

#include "error/error.h"
#include "fakes/catch.h"
#include "fakes/server.h"
#include "fakes/world.h"
#include "process/cancellation.h"

using fakes::Server;
using fakes::World;
using std::chrono::seconds;

namespace {

Exit code_of(const service::Service& one, seconds patience) {
    try {
        server::wait_until_ready(one, patience);
    } catch (const Error& error) {
        return error.code();
    }
    return Exit::ok;
}

}  // namespace

TEST_CASE("a server that answers is ready after one look at its container", "[ready]") {
    World world;
    const Server server;
    const auto one = world.add_service("db");
    server.lend(world.add_container(one));
    CHECK(server::wait_until_ready(one, seconds(60)).name == one.container());
    CHECK(world.engine.calls.size() == 1);
    CHECK(server.logins() == 1);
}

TEST_CASE("a container that was just seen is not asked for again", "[ready]") {
    World world;
    const Server server;
    const auto one = world.add_service("db");
    auto& container = world.add_container(one);
    server.lend(container);
    const auto wait = [&] {
        return server::wait_until_ready(one, seconds(60), {.seen = container});
    };
    CHECK(wait().id == container.id);
    CHECK(world.engine.calls.empty());
    container.status = "exited";
    CHECK_THROWS_AS(wait(), Error);
}

TEST_CASE("a server that is starting up is waited for", "[ready]") {
    World world;
    Server server(Server::Says::starting);
    const auto one = world.add_service("db");
    server.lend(world.add_container(one));
    int looks = 0;
    world.engine.before = [&](const std::string&) {
        if (++looks == 2) server.say(Server::Says::welcome);
    };
    CHECK(code_of(one, seconds(60)) == Exit::ok);
    CHECK(server.logins() > 2);
}

TEST_CASE("an engine that is slow to answer is asked the less", "[ready]") {
    World world;
    const Server server(Server::Says::starting);
    const auto one = world.add_service("db");
    server.lend(world.add_container(one));
    world.engine.before = [](const std::string&) {
        std::this_thread::sleep_for(std::chrono::milliseconds(250));
    };
    CHECK(code_of(one, seconds(2)) == Exit::timed_out);
    CHECK(world.engine.calls.size() == 1);
}

TEST_CASE("patience that is over is told by its code", "[ready]") {
    World world;
    const Server server(Server::Says::starting);
    const auto one = world.add_service("db");
    server.lend(world.add_container(one));
    CHECK(code_of(one, seconds(0)) == Exit::timed_out);
}

TEST_CASE("a container that ended is told at once, with its last lines", "[ready]") {
    World world;
    const auto one = world.add_service("db");
    world.add_container(one, "exited");
    world.engine.lines[one.container()] = "broken on purpose\nbroken on purpose\n";
    try {
        server::wait_until_ready(one, seconds(600));
        FAIL("it waited");
    } catch (const Error& error) {
        CHECK(error.code() == Exit::failed);
        CHECK(error.hint() == "broken on purpose");
    }
}

TEST_CASE("a server that fails twice for one reason is not waited for", "[ready]") {
    World world;
    const auto one = world.add_service("db");
    auto& container = world.add_container(one, "restarting");
    auto& log = world.engine.lines[one.container()];
    std::size_t starts = 0;
    world.engine.before = [&](const std::string& call) {
        if (!call.starts_with("find")) return;
        ++starts;
        container.started_at = std::to_string(starts);
        log += "2026-01-01 10:00:0" + std::to_string(starts) +
               " UTC [1] FATAL:  unrecognized configuration parameter \"nosuch\"\n";
    };
    CHECK_THROWS_WITH(server::wait_until_ready(one, seconds(600)),
                      Catch::Matchers::EndsWith("unrecognized configuration parameter \"nosuch\""));
    CHECK(starts == 2);
}

TEST_CASE("a signal ends a wait", "[ready]") {
    World world;
    const Server server(Server::Says::starting);
    const auto one = world.add_service("db");
    server.lend(world.add_container(one));
    const process::Cancellation here;
    world.engine.before = [](const std::string&) { std::raise(SIGTERM); };
    CHECK_THROWS_AS(server::wait_until_ready(one, seconds(600)), process::Cancelled);
}

TEST_CASE("a container that keeps restarting is not waited for", "[ready]") {
    World world;
    const auto one = world.add_service("db");
    auto& container = world.add_container(one, "restarting");
    world.engine.before = [&](const std::string&) { container.started_at += "x"; };
    world.engine.lines[container.name] = "exec: not found\n";
    try {
        server::wait_until_ready(one, seconds(600));
        FAIL("believed to be ready");
    } catch (const Error& e) {
        CHECK(e.code() == Exit::failed);
        CHECK(e.hint() == "exec: not found");
    }
}

TEST_CASE("no container is no service to wait for", "[ready]") {
    World world;
    CHECK(code_of(world.add_service("db"), seconds(600)) == Exit::failed);
}

TEST_CASE("a refused login is believed when the same container says it twice", "[ready]") {
    World world;
    const Server server(Server::Says::wrong_password);
    const auto one = world.add_service("db");
    server.lend(world.add_container(one));
    try {
        server::wait_until_ready(one, seconds(600));
        FAIL("believed to be ready");
    } catch (const Error& e) {
        CHECK(e.code() == Exit::degraded);
        CHECK(e.hint().find(one.file("PASSWORD").string()) != std::string::npos);
        CHECK(e.hint().find("dokku postgres:enter db psql -U postgres") != std::string::npos);
    }
    CHECK(server.logins() == 2);
}

TEST_CASE("a server without the service's database answers where that is enough", "[ready]") {
    World world;
    const Server server(Server::Says::no_database);
    const auto one = world.add_service("db");
    server.lend(world.add_container(one));
    CHECK(code_of(one, seconds(600)) == Exit::degraded);
    CHECK_NOTHROW(server::wait_until_ready(one, seconds(600), {.any_database = true}));
    CHECK(server.logins() == 4);
}

TEST_CASE("a refusal by whoever has a dead container's address now is not believed", "[ready]") {
    World world;
    Server server(Server::Says::wrong_password);
    const auto one = world.add_service("db");
    auto& container = world.add_container(one);
    server.lend(container);
    int looks = 0;
    world.engine.before = [&](const std::string&) {
        // The second look finds another start of the container, and its own server there.
        if (++looks == 2) container.started_at = "later";
        if (looks == 2) server.say(Server::Says::welcome);
    };
    CHECK(code_of(one, seconds(600)) == Exit::ok);
}

TEST_CASE("a login goes to the service's own database", "[ready]") {
    World world;
    const auto one = world.add_service("my-db");
    const auto login = server::login(one, world.add_container(one));
    CHECK(login.host == "172.17.0.2");
    CHECK(login.user == "postgres");
    CHECK(login.password == "secret");
    CHECK(login.database == "my-db");
}
