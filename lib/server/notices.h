// What every command tells people in the same words: a service is stopped, was started, or ends
// its connections.
#pragma once

#include <optional>
#include <string>

#include "service/record.h"
#include "service/service.h"

namespace server {

/// Whether the service was taken down: it has no container, or one whose server ended well.
bool is_stopped(const std::optional<engine::Container>& container);
/// `Postgres service X is stopped`.
std::string stopped(const service::Service& service);
/// `Start it: dokku postgres:start X`.
std::string how_to_start(const service::Service& service);
/// The status as people read it: `stopped` for `exited` and `missing` where the next start has all
/// that it needs; every other one stays the engine's.
std::string status_in_words(const service::Service& service, const std::string& status);
/// Why a command cannot use the container, which does not run, and what to do about it.
std::string why_not_running(const service::Service& service,
                            const std::optional<engine::Container>& container);
/// Says that a command found the service stopped and started it.
void say_started(const service::Service& service);

/// What becomes of linked apps after their connections end.
enum class Apps { keep_running, lose_database, are_deployed };
/// Says, before it happens, that all connections end, and names the linked apps that the caller may
/// see.
void say_connections_end(const service::Service& service, Apps apps);

}  // namespace server
