// Operations: steps in order, undone in reverse, gone on with after a kill.

#include "server/operation.h"

#include <filesystem>

#include "error/error.h"
#include "fakes/catch.h"
#include "fakes/world.h"
#include "server/settle.h"
#include "service/unfinished.h"
#include "state/lock.h"

using fakes::World;
using Texts = std::vector<std::string>;

namespace {

struct Killed {};

// An operation of three steps that logs what it does.
struct Three {
    World world;
    service::Service service = world.add_service("db");
    Texts log;
    std::string fails_at;   // this step, or its undo as `-step`
    std::string killed_at;  // nothing of the run goes on from there

    void note(const std::string& what) {
        if (!killed_at.empty() && (what == killed_at || dead)) {
            dead = true;
            throw Killed{};
        }
        log.push_back(what);
        if (what == fails_at) throw Error{what + " fails", {}, Exit::degraded};
    }

    server::Step step(const std::string& name) {
        return {name, [this, name] { note(name); }, [this, name] { note("-" + name); }};
    }

    server::Operation operation(const std::string& name = "work") {
        return {.name = name,
                .arguments = {"word"},
                .plan =
                    [this](auto& journal, const auto& left) {
                        if (left) log.push_back("left " + left->step);
                        journal.memory["count"] += "I";
                        return std::vector<server::Step>{step("one"), step("two"), step("three")};
                    },
                .takes_over = [name](const auto& left) { return left.operation == name; }};
    }

    Exit run(const server::Operation& operation) {
        try {
            server::run(service, operation);
        } catch (const Error& error) {
            message = error.what();
            return error.code();
        } catch (const Killed&) {
            return Exit::timed_out;
        }
        return Exit::ok;
    }

    bool dead = false;
    std::string message;
};

}  // namespace

TEST_CASE("steps run in order, each with its name in the journal", "[operation]") {
    Three three;
    std::vector<state::Journal> seen;
    auto operation = three.operation();
    operation.plan = [&](auto& journal, const auto&) {
        journal.memory["image"] = "former";
        std::vector<server::Step> steps;
        for (const auto* name : {"one", "two"})
            steps.push_back({name, [&] { seen.push_back(*service::unfinished(three.service)); }});
        return steps;
    };
    operation.told_before = "pre-work";
    operation.told_after = "post-work";
    CHECK(three.run(operation) == Exit::ok);
    REQUIRE(seen.size() == 2);
    CHECK(seen[0].step == "one");
    CHECK(seen[1].step == "two");
    CHECK(seen[1].operation == "work");
    CHECK(seen[1].arguments == Texts{"word"});
    CHECK(seen[1].memory.at("image") == "former");
    CHECK_FALSE(service::unfinished(three.service));
    CHECK(three.world.dokku.calls == Texts{"trigger service-action pre-work postgres db",
                                           "trigger service-action post-work postgres db"});
}

TEST_CASE("without steps nothing is written and nobody is told before", "[operation]") {
    Three three;
    auto operation = three.operation();
    operation.plan = [](auto&, const auto&) { return std::vector<server::Step>{}; };
    operation.told_before = "pre-work";
    CHECK(three.run(operation) == Exit::ok);
    CHECK(three.world.dokku.calls.empty());
}

TEST_CASE("a plan that refuses leaves no journal", "[operation]") {
    Three three;
    auto operation = three.operation();
    operation.plan = [](auto&, const auto&) -> std::vector<server::Step> {
        throw Error{"no", {}, Exit::refused};
    };
    CHECK(three.run(operation) == Exit::refused);
    CHECK_FALSE(service::unfinished(three.service));
}

TEST_CASE("a step that fails is undone, and those before it in reverse", "[operation]") {
    Three three;
    three.fails_at = "two";
    CHECK(three.run(three.operation()) == Exit::degraded);
    CHECK(three.message == "two fails");
    CHECK(three.log == Texts{"one", "two", "-two", "-one"});
    CHECK_FALSE(service::unfinished(three.service));
}

TEST_CASE("an undo that fails leaves the journal and the first error", "[operation]") {
    Three three;
    auto operation = three.operation();
    operation.plan = [&](auto&, const auto&) {
        auto failing = three.step("two");
        failing.undo = [] { throw Error{"no way back"}; };
        return std::vector<server::Step>{three.step("one"), failing};
    };
    three.fails_at = "two";
    CHECK(three.run(operation) == Exit::degraded);
    CHECK(three.message == "two fails");
    CHECK(three.log == Texts{"one", "two"});
    const auto left = service::unfinished(three.service);
    REQUIRE(left);
    CHECK(left->step == "two");
}

TEST_CASE("the same operation begins anew after a kill at each step", "[operation]") {
    for (const std::string at : {"one", "two", "three"}) {
        Three three;
        three.killed_at = at;
        CHECK(three.run(three.operation()) == Exit::timed_out);
        REQUIRE(service::unfinished(three.service));
        CHECK(service::unfinished(three.service)->step == at);
        three.killed_at.clear();
        three.log.clear();
        CHECK(three.run(three.operation()) == Exit::ok);
        CHECK(three.log == Texts{"left " + at, "one", "two", "three"});
        CHECK_FALSE(service::unfinished(three.service));
    }
}

TEST_CASE("one without a way back goes on at each step, with what it remembered", "[operation]") {
    const Texts all = {"one", "two", "three"};
    for (std::size_t at = 0; at < all.size(); ++at) {
        Three three;
        auto operation = three.operation();
        operation.one_way = true;
        SECTION("killed at " + all[at]) {
            three.killed_at = all[at];
            CHECK(three.run(operation) == Exit::timed_out);
            three.killed_at.clear();
        }
        SECTION("failed at " + all[at]) {
            three.fails_at = all[at];
            CHECK(three.run(operation) == Exit::degraded);
            three.fails_at.clear();
        }
        if (!service::unfinished(three.service)) continue;
        CHECK(service::unfinished(three.service)->memory.at("count") == "I");
        three.log.clear();
        CHECK(three.run(operation) == Exit::ok);
        Texts wanted = {"left " + all[at]};
        wanted.insert(wanted.end(), all.begin() + static_cast<std::ptrdiff_t>(at), all.end());
        CHECK(three.log == wanted);
        CHECK_FALSE(service::unfinished(three.service));
    }
}

TEST_CASE("another operation is refused while one blocks the service", "[operation]") {
    Three three;
    auto operation = three.operation();
    operation.unfinished = {.blocks = true, .found = "db is half done", .finish = "Do it again."};
    three.killed_at = "two";
    three.run(operation);
    three.killed_at.clear();
    three.log.clear();
    CHECK(three.run(three.operation("other")) == Exit::refused);
    CHECK(three.message == "db is half done");
    CHECK(three.log.empty());
    REQUIRE(service::unfinished(three.service));
    CHECK(service::unfinished(three.service)->operation == "work");
}

TEST_CASE("a new container that nobody has asked yet lets no other operation in", "[operation]") {
    Three three;
    three.world.add_container(three.service);
    state::write_journal(three.service.folder, {.operation = "upgrade",
                                                .step = "container",
                                                .memory = {{server::former_container, "another"}}});
    CHECK(three.run(three.operation()) == Exit::refused);
    CHECK(three.message == "the upgrade of service db was interrupted and is not finished");
    CHECK(three.log.empty());
}

TEST_CASE("an import at work keeps its journal while the record is changed", "[operation]") {
    Three three;
    const state::Lock import(three.world.environment, state::Lock::Of::server, "db");
    state::write_journal(three.service.folder, {.operation = "import", .step = "fill"});
    auto operation = three.operation();
    operation.locks = server::Locks::record;
    CHECK(three.run(operation) == Exit::ok);
    CHECK(three.log == Texts{"one", "two", "three"});
    REQUIRE(service::unfinished(three.service));
    CHECK(service::unfinished(three.service)->operation == "import");
}

TEST_CASE("what begins with a folder of its own leaves neither folder nor lock", "[operation]") {
    Three three;
    const auto fresh = service::at(three.world.context, "fresh");
    auto operation = three.operation();
    operation.locks = server::Locks::service;
    operation.begin = [&](const auto& journal) {
        std::filesystem::create_directory(fresh.folder);
        state::write_journal(fresh.folder, journal);
    };
    operation.plan = [&](auto&, const auto&) {
        return std::vector<server::Step>{
            {"files", {}, [&] { std::filesystem::remove_all(fresh.folder); }},
            {"fails", [] { throw Error{"no"}; }}};
    };
    CHECK_THROWS_AS(server::run(fresh, operation), Error);
    CHECK_FALSE(std::filesystem::exists(fresh.folder));
    CHECK_FALSE(std::filesystem::exists(three.world.environment.data / "locks" / "service-fresh"));
}
