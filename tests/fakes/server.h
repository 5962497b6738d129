// A database server that handles only logins, at a loopback address that a fake container can have.
#pragma once

#include <arpa/inet.h>
#include <netinet/in.h>
#include <poll.h>
#include <sys/socket.h>
#include <unistd.h>

#include <atomic>
#include <stdexcept>
#include <string>
#include <thread>

#include "fakes/world.h"

namespace fakes {

/// Gives every login the answer that the test sets.
class Server {
public:
    enum class Says { welcome, starting, wrong_password, no_database, nothing };

    explicit Server(Says says = Says::welcome) : says_(says) {
        // Each process has an address of its own, so that several can run at the same time.
        const auto process = static_cast<unsigned>(::getpid());
        address_ = "127." + std::to_string(1 + process / 65536 % 250) + "." +
                   std::to_string(process / 256 % 256) + "." + std::to_string(1 + process % 254);
        sockaddr_in address{};
        address.sin_family = AF_INET;
        address.sin_port = htons(5432);
        ::inet_pton(AF_INET, address_.c_str(), &address.sin_addr);
        const int on = 1;
        ::setsockopt(listener_, SOL_SOCKET, SO_REUSEADDR, &on, sizeof on);
        if (::bind(listener_, reinterpret_cast<const sockaddr*>(&address), sizeof address) != 0 ||
            ::listen(listener_, 16) != 0) {
            ::close(listener_);
            throw std::runtime_error("no fake server at " + address_);
        }
        thread_ = std::thread([this] { serve(); });
    }
    ~Server() {
        over_ = true;
        thread_.join();
        ::close(listener_);
    }
    Server(const Server&) = delete;
    Server& operator=(const Server&) = delete;

    const std::string& address() const { return address_; }
    void say(Says says) { says_ = says; }
    int logins() const { return logins_; }

    /// Gives the server's address to every container that the engine starts or connects.
    void stand_behind(World& world) const {
        world.engine.after = [this, &world](const std::string& call) {
            if (call.starts_with("start ") || call.starts_with("restart ") ||
                call.starts_with("connect ")) {
                for (auto& [name, container] : world.engine.containers) lend(container);
            }
        };
    }
    void lend(engine::Container& container) const {
        if (!container.running()) return;
        for (auto& end : container.networks) end.address = address_;
    }

private:
    static std::string message(char kind, const std::string& body) {
        const auto size = static_cast<std::uint32_t>(body.size() + 4);
        std::string text(1, kind);
        for (int shift = 24; shift >= 0; shift -= 8) {
            text += static_cast<char>((size >> static_cast<unsigned>(shift)) & 255U);
        }
        return text + body;
    }
    static std::string error(const std::string& code, const std::string& words) {
        using namespace std::string_literals;
        return message('E', "SFATAL\0VFATAL\0C"s + code + "\0M"s + words + "\0\0"s);
    }
    std::string answer() const {
        using namespace std::string_literals;
        switch (says_.load()) {
            case Says::welcome:
                return message('R', "\0\0\0\0"s) +
                       message('S',
                               "server_version\0"
                               "17.2\0"s) +
                       message('Z', "I");
            case Says::starting:
                return error("57P03", "the database system is starting up");
            case Says::wrong_password:
                return error("28P01", "password authentication failed for user \"postgres\"");
            case Says::no_database:
                return error("3D000", "database \"db\" does not exist");
            case Says::nothing:
                break;
        }
        return {};
    }

    void serve() {
        while (!over_) {
            pollfd wait{.fd = listener_, .events = POLLIN, .revents = 0};
            if (::poll(&wait, 1, 20) == 1) talk(::accept(listener_, nullptr, nullptr));
        }
    }
    void talk(int client) {
        char buffer[4096];
        auto got = ::read(client, buffer, sizeof buffer);
        if (got == 8) {  // the request for TLS
            static_cast<void>(!::write(client, "N", 1));
            got = ::read(client, buffer, sizeof buffer);
        }
        if (got > 0) {
            ++logins_;
            const auto text = answer();
            static_cast<void>(!::write(client, text.data(), text.size()));
            while (!text.empty() && ::read(client, buffer, sizeof buffer) > 0) continue;
        }
        ::close(client);
    }

    std::atomic<Says> says_;
    std::atomic<bool> over_ = false;
    std::atomic<int> logins_ = 0;
    std::string address_;
    int listener_ = ::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
    std::thread thread_;
};

}  // namespace fakes
