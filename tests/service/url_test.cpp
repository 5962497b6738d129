// URLs there and back.

#include "service/url.h"

#include "error/error.h"
#include "fakes/catch.h"

namespace {

service::Url url() {
    return {.scheme = "postgres",
            .user = "postgres",
            .password = "p@ss/w?rd#%:",
            .host = "dokku-postgres-db",
            .port = "5432",
            .database = "my db",
            .querystring = "sslmode=require"};
}

}  // namespace

TEST_CASE("every part of a URL is encoded but the query string", "[url]") {
    CHECK(service::to_string(url()) ==
          "postgres://postgres:p%40ss%2Fw%3Frd%23%25%3A@dokku-postgres-db:5432/"
          "my%20db?sslmode=require");
    CHECK(service::masked(url()) ==
          "postgres://postgres:********@dokku-postgres-db:5432/my%20db?sslmode=require");
}

TEST_CASE("a URL is taken apart as it was put together", "[url]") {
    const auto parsed = service::parse_url(service::to_string(url()));
    REQUIRE(parsed);
    CHECK(parsed->password == url().password);
    CHECK(parsed->host == url().host);
    CHECK(parsed->database == url().database);
    CHECK(parsed->querystring == url().querystring);
    CHECK(service::to_string(*parsed) == service::to_string(url()));
}

TEST_CASE("passwords that the official plugin left as they were still show the host", "[url]") {
    for (const std::string password : {"a@b", "a/b", "a?b", "a#b", "a%zz", "a:b/c@d"}) {
        INFO(password);
        const auto parsed =
            service::parse_url("postgres://postgres:" + password + "@dokku-postgres-db:5432/db");
        REQUIRE(parsed);
        CHECK(parsed->host == "dokku-postgres-db");
        CHECK(parsed->database == "db");
    }
}

TEST_CASE("what is no URL is nothing", "[url]") {
    for (const std::string text : {"", "x", "://a", "1a://b", "postgres://", "postgres://u@/db",
                                   "postgres://a:b", "postgres://[::1"}) {
        INFO(text);
        CHECK_FALSE(service::parse_url(text));
    }
    CHECK(service::parse_url("postgres://[::1]:5432/db")->host == "[::1]");
}

TEST_CASE("schemes, query strings and aliases are checked", "[url]") {
    CHECK_NOTHROW(service::check_scheme("postgis+ssl"));
    CHECK_THROWS_AS(service::check_scheme("Postgres"), Error);
    CHECK_THROWS_AS(service::check_scheme(""), Error);
    CHECK_NOTHROW(service::check_querystring("a=b&c=%20"));
    CHECK_THROWS_AS(service::check_querystring("a b"), Error);
    CHECK_THROWS_AS(service::check_querystring("a#b"), Error);
    CHECK_THROWS_AS(service::check_querystring("a\nb"), Error);
    CHECK_NOTHROW(service::check_alias("REPORTING_DATABASE"));
    for (const std::string alias : {"", "1A", "A-B", "A B", "A;B", "\xc3\x84"}) {
        CHECK_THROWS_AS(service::check_alias(alias), Error);
    }
}
