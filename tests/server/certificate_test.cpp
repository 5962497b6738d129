// Certificates by the real openssl.

#include "server/certificate.h"

#include "error/error.h"
#include "fakes/catch.h"
#include "fakes/world.h"
#include "process/process.h"

using fakes::World;

namespace {

std::string text_of(const std::string& certificate) {
    return process::run({.argv = {"openssl", "x509", "-noout", "-text"}, .input = certificate}).out;
}

}  // namespace

TEST_CASE("a certificate names the service and fits its key", "[certificate]") {
    World world;
    const auto one = service::at(world.context, std::string(40, 'a') + "_b.c-d");
    const auto made = server::make_certificate(one);
    const auto text = text_of(made.certificate);
    CHECK(text.find("DNS:" + one.host() + ", DNS:" + one.container() + ", DNS:localhost") !=
          std::string::npos);
    CHECK(text.find("CA:FALSE") != std::string::npos);
    CHECK(text.find("prime256v1") != std::string::npos);
    const auto of_key = process::run({.argv = {"openssl", "pkey", "-pubout"}, .input = made.key});
    const auto of_certificate =
        process::run({.argv = {"openssl", "x509", "-noout", "-pubkey"}, .input = made.certificate});
    CHECK(of_key.ok());
    CHECK(of_key.out == of_certificate.out);
    // nine years from now it still holds
    CHECK(process::run({.argv = {"openssl", "x509", "-noout", "-checkend", "283824000"},
                        .input = made.certificate})
              .ok());
}

TEST_CASE("neither name nor key stands in an argv", "[certificate]") {
    World world;
    std::vector<std::vector<std::string>> started;
    process::observe([&](const std::vector<std::string>& argv) { started.push_back(argv); });
    const auto made = server::make_certificate(service::at(world.context, "db"));
    process::observe({});
    REQUIRE(started.size() == 1);
    for (const auto& word : started[0]) CHECK(word.find("dokku") == std::string::npos);
}

TEST_CASE("the certificate shown is the server's own", "[certificate]") {
    World world;
    const auto one = world.add_service("db");
    const std::string pem = "-----BEGIN CERTIFICATE-----\nAA==\n-----END CERTIFICATE-----\n";
    CHECK_THROWS_AS(server::present_certificate(one), Error);
    world.add_container(one).environment = {"PGDATA=/data"};
    world.engine.in = [&](const std::string&, const std::vector<std::string>&) {
        return process::Result{.status = 0, .out = "Certificate:\n" + pem};
    };
    CHECK(server::present_certificate(one) == pem);
    CHECK(world.engine.calls.back().ends_with(" head -c 65536 /data/server.crt"));
    world.engine.containers[one.container()].arguments = {"-c", "ssl_cert_file=/certs/server.crt"};
    world.engine.calls.clear();
    server::present_certificate(one);
    CHECK(world.engine.calls.back().ends_with(" head -c 65536 /certs/server.crt"));
    world.engine.containers.clear();
    std::filesystem::create_directories(one.file("run"));
    World::write(one.file("run") / "server.crt", pem);
    CHECK(server::present_certificate(one) == pem);
}
