// Logging in: what each kind of server, and none, makes of it. The servers here speak as much of
// the protocol as a refusal takes; statements are tried on real ones, by the commands that need
// them.
#include "pg/connection.h"

#include <arpa/inet.h>
#include <netinet/in.h>
#include <poll.h>
#include <sys/socket.h>
#include <unistd.h>

#include <atomic>
#include <cstdlib>
#include <functional>
#include <thread>

#include "fakes/catch.h"

namespace {

// A port of the loopback that answers every startup with the same bytes; without them, never.
class Server {
public:
    explicit Server(std::string answer = {}) : answer_(std::move(answer)) {
        sockaddr_in address{};
        address.sin_family = AF_INET;
        address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
        socklen_t size = sizeof address;
        auto* any = reinterpret_cast<sockaddr*>(&address);
        REQUIRE(::bind(listener_, any, size) == 0);
        REQUIRE(::listen(listener_, 8) == 0);
        REQUIRE(::getsockname(listener_, any, &size) == 0);
        port_ = ntohs(address.sin_port);
        if (!answer_.empty()) thread_ = std::thread{[this] { serve(); }};
    }
    ~Server() { close(); }
    Server(const Server&) = delete;
    Server& operator=(const Server&) = delete;

    int port() const { return port_; }
    void close() {
        over_ = true;
        if (thread_.joinable()) thread_.join();
        if (listener_ != -1) ::close(listener_);
        listener_ = -1;
    }
    /// What the last client said at its startup.
    std::string startup() {
        close();
        return startup_;
    }

private:
    void serve() {
        while (!over_) {
            pollfd wait{.fd = listener_, .events = POLLIN, .revents = 0};
            if (::poll(&wait, 1, 20) != 1) continue;
            const int client = ::accept(listener_, nullptr, nullptr);
            std::string message(4096, '\0');
            auto count = ::read(client, message.data(), message.size());
            if (count == 8) {  // asks for TLS first
                static_cast<void>(!::write(client, "N", 1));
                count = ::read(client, message.data(), message.size());
            }
            if (count > 0) startup_ = message.substr(0, static_cast<std::size_t>(count));
            static_cast<void>(!::write(client, answer_.data(), answer_.size()));
            // until the client leaves: a close now could overtake the answer
            while (::read(client, message.data(), message.size()) > 0) continue;
            ::close(client);
        }
    }

    std::string answer_;
    std::string startup_;
    std::atomic<bool> over_ = false;
    int listener_ = ::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
    int port_ = 0;
    std::thread thread_;
};

std::string message(char kind, const std::string& body) {
    const auto size = static_cast<std::uint32_t>(body.size() + 4);
    const std::uint32_t bytes = htonl(size);
    std::string text(1, kind);
    text.append(reinterpret_cast<const char*>(&bytes), 4);
    return text + body;
}

std::string refusal(const std::string& code, const std::string& text) {
    std::string body;
    for (const std::string& field :
         {std::string("SFATAL"), "C" + code, "M" + text, std::string("Fpostmaster.c"),
          std::string("L2316"), std::string("RProcessStartupPacket")}) {
        body += field + '\0';
    }
    return message('E', body + '\0');
}

std::string welcome() {
    return message('R', std::string(4, '\0')) +
           message('S', std::string("server_version\0"
                                    "17.2\0",
                                    20)) +
           message('N', std::string("SWARNING\0C01000\0Mcollation version mismatch\0\0", 45)) +
           message('Z', "I");
}

pg::Login login(int port) {
    return {.host = "127.0.0.1", .port = port, .password = "secret", .database = "db"};
}

}  // namespace

TEST_CASE("a closed port is no answer", "[pg]") {
    Server server;
    const int port = server.port();
    server.close();
    std::string reason;
    CHECK(pg::try_login(login(port), &reason) == pg::Answer::no_answer);
    CHECK(reason.find("refused") != std::string::npos);
    CHECK(reason.find('\n') == std::string::npos);
    CHECK_THROWS_AS(pg::Connection(login(port)), pg::Failure);
}

TEST_CASE("a server that stays silent is no answer", "[pg]") {
    const Server server;
    auto silent = login(server.port());
    silent.timeout = std::chrono::seconds{1};
    std::string reason;
    CHECK(pg::try_login(silent, &reason) == pg::Answer::no_answer);
    CHECK(reason.find("within 1 seconds") != std::string::npos);
}

TEST_CASE("a login without an address goes nowhere", "[pg]") {
    CHECK(pg::try_login({.host = "", .password = "", .database = "db"}) == pg::Answer::no_answer);
}

TEST_CASE("a refusal is told by its code", "[pg]") {
    const auto answer = [](const std::string& code) {
        const Server server{refusal(code, "the server's own words: 12345: more")};
        std::string reason;
        const auto got = pg::try_login(login(server.port()), &reason);
        CHECK(reason.ends_with("FATAL:  the server's own words: 12345: more"));
        return got;
    };
    CHECK(answer("57P03") == pg::Answer::starting);
    CHECK(answer("53300") == pg::Answer::starting);
    CHECK(answer("55000") == pg::Answer::starting);
    CHECK(answer("28P01") == pg::Answer::refused_login);
    CHECK(answer("28000") == pg::Answer::refused_login);
    CHECK(answer("3D000") == pg::Answer::no_database);
    CHECK(answer("42501") == pg::Answer::refused_login);
}

TEST_CASE("something that is no server is no answer", "[pg]") {
    const Server server{"HTTP/1.1 400 Bad Request\r\n\r\n"};
    CHECK(pg::try_login(login(server.port())) == pg::Answer::no_answer);
}

TEST_CASE("a server that lets us in is ready, and hears nothing of our environment", "[pg]") {
    ::setenv("PGOPTIONS", "-c search_path=evil", 1);
    ::setenv("PGHOSTADDR", "192.0.2.1", 1);
    ::setenv("PGSERVICE", "evil", 1);
    ::setenv("PGAPPNAME", "evil", 1);
    ::setenv("PGSSLMODE", "verify-full", 1);
    Server server{welcome()};
    std::string reason;
    CHECK(pg::try_login(login(server.port()), &reason) == pg::Answer::ready);
    CHECK(reason.empty());
    const std::string startup = server.startup();
    CHECK(startup.find("evil") == std::string::npos);
    CHECK(startup.find("dokku-postgres") != std::string::npos);
    CHECK(startup.find("postgres") != std::string::npos);
    CHECK(startup.find("secret") == std::string::npos);
}

TEST_CASE("names and texts are quoted, and none is cut", "[pg]") {
    Server server{welcome()};
    pg::Connection connection{login(server.port())};
    CHECK(connection.version() == 170002);
    CHECK(connection.identifier("a\"b; drop") == "\"a\"\"b; drop\"");
    CHECK(connection.literal("it's") == "'it''s'");
    CHECK(connection.identifier(std::string(63, 'x')).size() == 65);
    CHECK_THROWS_AS(connection.identifier(std::string(64, 'x')), pg::Failure);
    CHECK_THROWS_AS(connection.identifier(""), pg::Failure);
    CHECK_THROWS_AS(connection.identifier(std::string("a\0b", 3)), pg::Failure);
    CHECK_THROWS_AS(connection.literal(std::string("a\0b", 3)), pg::Failure);
    const std::string verifier = connection.verifier("postgres", "secret");
    CHECK(verifier.starts_with("SCRAM-SHA-256$4096:"));
    CHECK(verifier.find("secret") == std::string::npos);
}
