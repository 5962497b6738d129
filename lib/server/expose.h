// A service's port on the host: a forwarding container beside it, so that the service itself is
// never restarted.
#pragma once

#include <optional>
#include <string>

#include "service/record.h"
#include "service/service.h"

namespace server {

/// An address and a port of this host; `ip` empty means every address.
struct HostPort {
    std::string ip;
    int port = 0;
};

/// Takes `PORT`, `IPv4:PORT` or `[IPv6]:PORT` apart; throws a usage Error unless the port is within
/// 1024 to 65535 and the address is one.
HostPort parse_host_port(const std::string& text);
/// The form that PORT and `info` have, and parse_host_port reads.
std::string to_string(const HostPort& where);
/// Throws a usage Error when this host lacks the address, Error when the port is in use.
void check_free(const HostPort& where);
/// Throws Error when another service has the port, running or not; names one that the caller may
/// see.
void check_untaken(const service::Service& service, const HostPort& where);
/// Whether it is every address of the host.
bool is_every_address(const HostPort& where);
/// The psql command that logs in through the port from this host, without the password.
std::string login_line(const service::Service& service, const HostPort& where);

/// Publishes the service's port; without `wanted` on a free port of every address. Returns what was
/// bound. Takes the lock.
HostPort expose(const service::Service& service, const std::optional<std::string>& wanted);
/// Takes the published port back, and a forwarding container that no record knows; throws Error
/// when there is neither. Takes the lock.
void unexpose(const service::Service& service);
/// Removes the forwarding container, then the port from the record. The caller holds the lock.
void take_port_back(const service::Service& service);
/// Brings the forwarding container of an exposed service up, made again when it is gone; nothing
/// for a service that is not exposed. The caller holds the lock.
void forward(const service::Service& service, const service::Record& record);

}  // namespace server
