// Names of services, and who sees them.

#include "service/service.h"

#include "error/error.h"
#include "fakes/catch.h"
#include "fakes/world.h"
#include "service/links.h"

namespace {

Exit code_of(const std::function<void()>& call) {
    try {
        call();
    } catch (const Error& error) {
        return error.code();
    }
    return Exit::ok;
}

}  // namespace

TEST_CASE("a name that could be a path, a flag or a word of a shell is refused", "[service]") {
    for (const std::string name :
         {"", "../x", "a/b", "a;b", "-f", ".hidden", "..", "a\nb", "a b", "a*"}) {
        INFO("name '" << name << "'");
        CHECK(code_of([&] { service::check_name(name); }) == Exit::usage);
    }
    CHECK(code_of([&] { service::check_name(std::string(49, 'a')); }) == Exit::usage);
    CHECK(code_of([&] { service::check_name(std::string(48, 'a')); }) == Exit::ok);
    CHECK(code_of([&] { service::check_name("foo.bar"); }) == Exit::ok);
}

TEST_CASE("a new service gets no dot, no name of Dokku's and no twin's name", "[service]") {
    fakes::World world;
    world.add_service("a-b");
    const auto code = [&](const std::string& name) {
        return code_of([&] { service::check_new_name(world.context, name); });
    };
    CHECK(code("foo.bar") == Exit::usage);
    CHECK(code("ENV") == Exit::usage);
    CHECK(code("_all_") == Exit::usage);
    CHECK(code("a_b") == Exit::refused);
    CHECK(code("A-B") == Exit::refused);
    CHECK(code("a-b") == Exit::ok);
    CHECK(code("a-b-c") == Exit::ok);
}

TEST_CASE("a service's names follow from its own", "[service]") {
    fakes::World world;
    const auto one = service::at(world.context, "my_db.x");
    CHECK(one.host() == "dokku-postgres-my-db-x");
    CHECK(one.container() == "dokku.postgres.my_db.x");
    CHECK(one.ambassador() == "dokku.postgres.my_db.x.ambassador");
    CHECK(one.host_folder == "/host/services/my_db.x");
}

TEST_CASE("services are listed in C order, files and foreign names left out", "[service]") {
    fakes::World world;
    for (const auto* name : {"b", "a", "Z"}) world.add_service(name);
    std::filesystem::create_directory(world.environment.services / ".hidden");
    fakes::World::write(world.environment.services / "file", "");
    std::vector<std::string> names;
    for (const auto& one : service::all(world.context)) names.push_back(one.name);
    CHECK(names == std::vector<std::string>{"Z", "a", "b"});
}

TEST_CASE("a service that the caller may not see does not exist for them", "[service]") {
    fakes::World world;
    world.add_service("mine");
    world.add_service("theirs");
    world.dokku.hidden_services.insert("theirs");
    CHECK(service::open(world.context, "mine").name == "mine");
    CHECK(code_of([&] { service::open(world.context, "theirs"); }) == Exit::no_service);
    CHECK(code_of([&] { service::open(world.context, "none"); }) == Exit::no_service);
    CHECK(code_of([&] { service::open(world.context, "../mine"); }) == Exit::usage);
    CHECK(service::exists(world.context, "theirs"));
    CHECK(service::visible(world.context, service::all(world.context)).size() == 1);
    CHECK(service::all(world.context).size() == 2);
}

TEST_CASE("services that the caller may not see are left out", "[service]") {
    fakes::World world;
    for (const auto* name : {"one", "two"}) service::add_to_links(world.add_service(name), "web");
    world.add_service("three");
    world.dokku.hidden_services = {"one"};
    const auto seen = service::visible(world.context, service::services_of(world.context, "web"));
    REQUIRE(seen.size() == 1);
    CHECK(seen[0].name == "two");
}
