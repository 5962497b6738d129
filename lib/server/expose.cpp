// A service's port on the host: a forwarding container beside it, so that the service itself is
// never restarted.
#include "server/expose.h"

#include <arpa/inet.h>
#include <netinet/in.h>
#include <sys/socket.h>
#include <unistd.h>

#include <cerrno>
#include <charconv>
#include <cstring>

#include "error/error.h"
#include "host/log.h"
#include "server/container.h"
#include "server/network.h"
#include "server/notices.h"
#include "server/operation.h"
#include "service/unfinished.h"
#include "service/variables.h"
#include "state/files.h"
#include "state/lock.h"

namespace server {

namespace {

constexpr int server_port = 5432;
constexpr int least_port = 1024;
constexpr int most_port = 65535;

// A socket address with its length, as bind() takes it.
struct Address {
    sockaddr_storage storage{};
    socklen_t size = 0;
    sockaddr* raw() { return reinterpret_cast<sockaddr*>(&storage); }
};

std::optional<Address> address_of_host(const std::string& ip, int port) {
    Address address;
    auto* four = reinterpret_cast<sockaddr_in*>(&address.storage);
    auto* six = reinterpret_cast<sockaddr_in6*>(&address.storage);
    if (inet_pton(AF_INET, ip.empty() ? "0.0.0.0" : ip.c_str(), &four->sin_addr) == 1) {
        four->sin_family = AF_INET;
        four->sin_port = htons(static_cast<std::uint16_t>(port));
        address.size = sizeof(sockaddr_in);
        return address;
    }
    if (inet_pton(AF_INET6, ip.c_str(), &six->sin6_addr) == 1) {
        six->sin6_family = AF_INET6;
        six->sin6_port = htons(static_cast<std::uint16_t>(port));
        address.size = sizeof(sockaddr_in6);
        return address;
    }
    return {};
}

Error in_use(const HostPort& where) {
    return Error("port " + to_string(where) + " is in use on this host",
                 "Choose another one, or none for a free port.");
}

// Binds for a moment: the kernel is the only one who knows. Returns the port, which port 0 lets it
// choose.
int bound_port(const HostPort& where) {
    auto address = address_of_host(where.ip, where.port);
    const int descriptor = socket(address->storage.ss_family, SOCK_STREAM | SOCK_CLOEXEC, 0);
    if (descriptor < 0)
        throw Error("no socket could be opened: " + std::string(std::strerror(errno)));
    // As the engine's own forwarder does: a connection that has ended keeps no port from anybody.
    const int on = 1;
    setsockopt(descriptor, SOL_SOCKET, SO_REUSEADDR, &on, sizeof on);
    const bool bound = bind(descriptor, address->raw(), address->size) == 0;
    const int reason = errno;
    if (bound) getsockname(descriptor, address->raw(), &address->size);
    close(descriptor);
    if (!bound && reason == EADDRINUSE) throw in_use(where);
    if (!bound && reason == EADDRNOTAVAIL)
        throw usage_error("this host has no address '" + where.ip + "'");
    if (!bound)
        throw Error("port " + to_string(where) + " cannot be bound: " + std::strerror(reason));
    const auto* four = reinterpret_cast<const sockaddr_in*>(&address->storage);
    const auto* six = reinterpret_cast<const sockaddr_in6*>(&address->storage);
    return ntohs(address->storage.ss_family == AF_INET ? four->sin_port : six->sin6_port);
}

// Somebody took the record of its port away.
std::string untracked(const service::Service& service) {
    return "Service " + service.name + " has an untracked expose container, removing";
}

engine::Spec ambassador_of(const service::Service& service, const HostPort& where) {
    engine::Spec spec;
    spec.name = service.ambassador();
    spec.image = service.environment().ambassador_image;
    spec.labels = {{"dokku", "ambassador"}, {"dokku.ambassador", "postgres"}};
    spec.ports = {{where.ip, where.port, server_port}};
    spec.network = std::string(service::network);
    // The image takes its target as two words; the name is looked up anew for each connection.
    spec.arguments = {service.host(), std::to_string(server_port)};
    return spec;
}

// What an adopted service has there may be something else.
std::optional<HostPort> port_of(const service::Service& service) {
    const auto text = state::read_trimmed(service.file("PORT"));
    if (!text) return {};
    try {
        return parse_host_port(*text);
    } catch (const Error&) {
        return {};
    }
}

std::optional<service::Service> owner_of(const service::Service& service, const HostPort& where) {
    for (const auto& other : service::all(service.context())) {
        if (other.name == service.name) continue;
        const auto has = port_of(other);
        if (!has || has->port != where.port) continue;
        if (has->ip == where.ip || is_every_address(*has) || is_every_address(where)) return other;
    }
    return {};
}

// A free one that no service waits for either, be it stopped.
int chosen_port(const service::Service& service) {
    int port = 0;
    do port = bound_port({});
    while (port < least_port || owner_of(service, {.ip = {}, .port = port}));
    return port;
}

// An engine that was killed while it opened a port for a container has it opened again when it
// comes back, for nobody.
void check_free_again(const service::Service& service, const HostPort& where) {
    try {
        check_free(where);
    } catch (const Error& error) {
        if (error.code() != Exit::failed) throw;
        throw Error(error.what(),
                    "If Docker was killed while it opened the port, Docker may hold it until it is "
                    "started again.\nTo give the port up: dokku postgres:unexpose " +
                        service.name);
    }
}

// A port on its way to be published.
struct Exposure {
    const service::Service& service;
    std::optional<std::string> wanted;
    HostPort where = {};
    service::Record record = {};
    std::optional<engine::Container> container = {};
};

// The port that an interrupted expose recorded, where there is one.
void choose_from_record(Exposure& work, bool is_again) {
    if (work.record.ports.empty()) return;
    const auto& service = work.service;
    const auto present = service.engine().find(service.ambassador());
    const bool same = !work.wanted || to_string(work.where) == work.record.ports;
    if ((present && present->running() && !is_again) || !same)
        throw Error("Service " + service.name + " already exposed on port(s) " + work.record.ports);
    work.where = parse_host_port(work.record.ports);
}

void choose_free(Exposure& work) {
    if (work.where.port == 0) {
        work.where.port = chosen_port(work.service);
    } else if (work.record.ports.empty()) {
        check_free(work.where);
    } else {
        check_free_again(work.service, work.where);
    }
    work.record.ports = to_string(work.where);
}

std::vector<Step> steps_to_expose(Exposure& work) {
    const auto& service = work.service;
    return {{"record", [&] { service::write_record(service, work.record); },
             [&] {
                 work.record.ports.clear();
                 service::write_record(service, work.record);
             }},
            {"forwarder", [&] { forward(service, work.record); },
             [&] { service.engine().remove(service.ambassador(), false); }}};
}

// Under the locks.
std::vector<Step> plan(Exposure& work, bool is_again) {
    const auto& service = work.service;
    service::check_exists(service);
    work.record = service::read_record(service);
    choose_from_record(work, is_again);
    if (work.where.port != 0) check_untaken(service, work.where);
    auto& engine = service.engine();
    if (work.record.ports.empty() && engine.find(service.ambassador()))
        host::warn(untracked(service));
    work.container = container_of(service);
    if (work.container) join_our_network(service, *work.container);
    // A forwarder that is not running but still holds its name is in the way of the new one.
    engine.remove(service.ambassador(), false);
    choose_free(work);
    return steps_to_expose(work);
}

void check_exposed(const service::Service& service) {
    service::check_exists(service);
    if (!service::read_record(service).ports.empty()) return;
    if (!service.engine().find(service.ambassador()))
        throw Error("Service " + service.name + " is not exposed");
    host::warn(untracked(service));
}

}  // namespace

std::string to_string(const HostPort& where) {
    if (where.ip.empty()) return std::to_string(where.port);
    const bool six = where.ip.find(':') != std::string::npos;
    return (six ? "[" + where.ip + "]" : where.ip) + ":" + std::to_string(where.port);
}

HostPort parse_host_port(const std::string& text) {
    HostPort where;
    std::string digits = text;
    if (const auto colon = text.rfind(':'); colon != std::string::npos) {
        where.ip = text.substr(0, colon);
        digits = text.substr(colon + 1);
        const bool brackets =
            where.ip.size() > 2 && where.ip.front() == '[' && where.ip.back() == ']';
        if (brackets) where.ip = where.ip.substr(1, where.ip.size() - 2);
        const bool six = where.ip.find(':') != std::string::npos;
        if (where.ip.empty() || brackets != six || !address_of_host(where.ip, 0))
            throw usage_error("'" + text + "' is not an address and a port",
                              "Give PORT, IP:PORT or [IPv6]:PORT.");
    }
    const auto [end, failure] =
        std::from_chars(digits.data(), digits.data() + digits.size(), where.port);
    if (failure != std::errc{} || end != digits.data() + digits.size())
        throw usage_error("'" + text + "' is not a port", "Give PORT, IP:PORT or [IPv6]:PORT.");
    if (where.port < least_port || where.port > most_port)
        throw usage_error("port " + digits + " is outside 1024 to 65535");
    return where;
}

void check_free(const HostPort& where) { bound_port(where); }

bool is_every_address(const HostPort& where) {
    return where.ip.empty() || where.ip == "0.0.0.0" || where.ip == "::";
}

void check_untaken(const service::Service& service, const HostPort& where) {
    const auto owner = owner_of(service, where);
    if (!owner) return;
    if (service.dokku().visible({owner->name}).empty()) throw in_use(where);
    throw Error("port " + to_string(where) + " is taken by Postgres service " + owner->name,
                "Choose another one, or none for a free port. To give it up there: dokku "
                "postgres:unexpose " +
                    owner->name);
}

std::string login_line(const service::Service& service, const HostPort& where) {
    const std::string host = !is_every_address(where) ? where.ip
                             : where.ip == "::"       ? "::1"
                                                      : "127.0.0.1";
    return "psql -h " + host + " -p " + std::to_string(where.port) + " -U postgres -d " +
           service::database_of(service);
}

void forward(const service::Service& service, const service::Record& record) {
    if (record.ports.empty()) return;
    auto& engine = service.engine();
    if (const auto present = engine.find(service.ambassador())) {
        // The official plugin's one was told its target by a link; on our network it would listen
        // to nobody.
        const bool ours = present->on(std::string(service::network)) != nullptr;
        if (ours && present->running()) return;
        if (ours && present->status == "exited") return engine.start(service.ambassador());
        if (!ours && present->running()) return;
        engine.remove(service.ambassador(), false);
    }
    if (!engine.image(service.environment().ambassador_image))
        engine.pull(service.environment().ambassador_image);
    ensure_network(service.context());
    engine.create(ambassador_of(service, parse_host_port(record.ports)));
    engine.start(service.ambassador());
}

void take_port_back(const service::Service& service) {
    service.engine().remove(service.ambassador(), false);
    auto record = service::read_record(service);
    record.ports.clear();
    service::write_record(service, record);
}

HostPort expose(const service::Service& service, const std::optional<std::string>& wanted) {
    Exposure work{service, wanted, wanted ? parse_host_port(*wanted) : HostPort{}};
    Operation operation{
        .name = "expose", .locks = Locks::record, .plan = [&](auto&, const auto& left) {
            return plan(work, left.has_value());
        }};
    if (wanted) operation.arguments = {*wanted};
    operation.takes_over = [&](const auto& left) {
        return left.operation == "expose" && (!wanted || left.arguments == operation.arguments);
    };
    run(service, operation);
    if (!work.container || !work.container->running())
        host::warn("Nobody answers there yet. " + why_not_running(service, work.container));
    return work.where;
}

void unexpose(const service::Service& service) {
    run(service, {.name = "unexpose",
                  .locks = Locks::record,
                  .plan =
                      [&](auto&, const auto& left) {
                          if (!left) check_exposed(service);
                          return std::vector<Step>{{"port", [&] { take_port_back(service); }}};
                      },
                  .one_way = true});
}

}  // namespace server
