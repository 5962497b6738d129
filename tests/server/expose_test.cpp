// Addresses and ports, and the forwarding container that publishes them.
#include "server/expose.h"

#include "fakes/catch.h"
#include "fakes/world.h"

TEST_CASE("expose: an address and a port are taken apart and put together again") {
    for (const char* text : {"5432", "127.0.0.1:5432", "[::1]:5432", "0.0.0.0:1024", "65535"})
        CHECK(server::to_string(server::parse_host_port(text)) == text);
    for (const char* text :
         {"", "80", "1023", "65536", "-1", "x", "5432x", " 5432", "::1:5432", "[127.0.0.1]:5432",
          "1.2.3:5432", "[::1]", ":5432", "localhost:5432", "127.0.0.1:", "99999999999999999999"}) {
        INFO(text);
        CHECK_THROWS_AS(server::parse_host_port(text), Error);
    }
}

TEST_CASE("expose: the psql line names an address that reaches the port") {
    fakes::World world;
    const auto db = world.add_service("my-db");
    const auto line = [&](const char* where) {
        return server::login_line(db, server::parse_host_port(where));
    };
    CHECK(line("5432") == "psql -h 127.0.0.1 -p 5432 -U postgres -d my-db");
    CHECK(line("0.0.0.0:5432") == line("5432"));
    CHECK(line("[::]:5432") == "psql -h ::1 -p 5432 -U postgres -d my-db");
    CHECK(line("192.0.2.1:6000") == "psql -h 192.0.2.1 -p 6000 -U postgres -d my-db");
}

TEST_CASE("expose: a port that another service has is named with it, unless it is hidden") {
    fakes::World world;
    const auto one = world.add_service("one");
    const auto two = world.add_service("two");
    const auto said = [&](const char* where) -> std::string {
        try {
            server::check_untaken(two, server::parse_host_port(where));
        } catch (const Error& error) {
            return error.what();
        }
        return {};
    };
    for (const char* has : {"5432", "127.0.0.1:5432", "0.0.0.0:5432"}) {
        fakes::World::write(one.file("PORT"), std::string(has) + "\n");
        CHECK(said("5432") == "port 5432 is taken by Postgres service one");
        CHECK(said("127.0.0.1:5432") == "port 127.0.0.1:5432 is taken by Postgres service one");
        CHECK(said("5433").empty());
    }
    fakes::World::write(one.file("PORT"), "127.0.0.1:5432\n");
    CHECK(said("192.0.2.1:5432").empty());
    fakes::World::write(one.file("PORT"), "5432 5433\n");
    CHECK(said("5432").empty());
    fakes::World::write(one.file("PORT"), "5432\n");
    world.dokku.hidden_services.insert("one");
    CHECK(said("5432") == "port 5432 is in use on this host");
}

TEST_CASE("expose: an address that is not of this host is a usage error") {
    try {
        server::check_free({"192.0.2.1", 20000});
        FAIL("it was free");
    } catch (const Error& error) {
        CHECK(error.code() == Exit::usage);
    }
}
