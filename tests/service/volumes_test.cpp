// Which folders an operator may put into a service's container.
#include "service/volumes.h"

#include "error/error.h"
#include "fakes/catch.h"

TEST_CASE("volumes: two absolute folders, perhaps read-only") {
    const auto plain = service::parse_volume("/srv/csv:/data/csv");
    CHECK(plain.source == "/srv/csv");
    CHECK(plain.target == "/data/csv");
    CHECK_FALSE(plain.read_only);
    const auto closed = service::parse_volume("/srv/csv/:/data/csv/:ro");
    CHECK(closed.source == "/srv/csv");
    CHECK(closed.target == "/data/csv");
    CHECK(closed.read_only);
    CHECK_FALSE(service::parse_volume("/a:/b:rw").read_only);
}

TEST_CASE("volumes: what is no volume, or belongs to the service, is refused") {
    for (const char* text :
         {"", "/a", "a:/b", "/a:b", "/a:/", "/a:/b/../c", "/a//x:/b", "/a:/b:ro:rw", "/a:/b:xx",
          "/a,b:/c", "/a:/b\nc", "/caf\xe9:/b", "/a:/var/lib/postgresql",
          "/a:/var/lib/postgresql/data", "/a:/run/dokku-postgres/x", "/a:/proc",
          "/a:/docker-entrypoint-initdb.d", "/a:/dev/shm"}) {
        INFO(text);
        CHECK_THROWS_AS(service::parse_volume(text), Error);
    }
    CHECK_NOTHROW(service::parse_volume("/a:/var/lib/postgresqlx"));
    CHECK_NOTHROW(service::parse_volume("/a:/process"));
}
