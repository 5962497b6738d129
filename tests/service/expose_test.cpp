// Addresses and ports, and the forwarding container that publishes them.
#include "service/expose.h"

#include "fakes/catch.h"
#include "service/world.h"

TEST_CASE("expose: an address and a port are taken apart and put together again") {
    for (const char* text : {"5432", "127.0.0.1:5432", "[::1]:5432", "0.0.0.0:1024", "65535"})
        CHECK(service::to_string(service::parse_host_port(text)) == text);
    for (const char* text :
         {"", "80", "1023", "65536", "-1", "x", "5432x", " 5432", "::1:5432", "[127.0.0.1]:5432",
          "1.2.3:5432", "[::1]", ":5432", "localhost:5432", "127.0.0.1:", "99999999999999999999"}) {
        INFO(text);
        CHECK_THROWS_AS(service::parse_host_port(text), Error);
    }
}

TEST_CASE("expose: an address that is not of this host is a usage error") {
    try {
        service::check_free({"192.0.2.1", 20000});
        FAIL("it was free");
    } catch (const Error& error) {
        CHECK(error.code() == Exit::usage);
    }
}
