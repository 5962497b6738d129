// A service: one managed PostgreSQL server, its folder, its names, and the world it lives in.
#pragma once

#include <filesystem>
#include <string>
#include <string_view>
#include <vector>

#include "engine/engine.h"
#include "host/dokku.h"
#include "host/environment.h"

namespace service {

/// The world of a command: the host's Dokku and its engine.
struct Context {
    const host::Environment& environment;
    host::Dokku& dokku;
    engine::Engine& engine;
};

/// The real one of this process.
const Context& context();

/// The network that services and their apps share.
inline constexpr std::string_view network = "dokku-postgres";

/// One service. Holds names and places only; what is in them is read when it is needed.
struct Service {
    std::string name;
    std::filesystem::path folder;       // as we see it
    std::filesystem::path host_folder;  // as the engine sees it
    const Context* world;               // outlives it

    const Context& context() const { return *world; }
    const host::Environment& environment() const { return world->environment; }
    host::Dokku& dokku() const { return world->dokku; }
    engine::Engine& engine() const { return world->engine; }

    std::string container() const { return "dokku.postgres." + name; }
    std::string ambassador() const { return container() + ".ambassador"; }
    /// A throw-away container in which root works on its folder.
    std::string helper() const { return container() + ".helper"; }
    /// The host part of every URL: `dokku-postgres-<name>`, dots and underscores as dashes.
    std::string host() const;
    /// Where its folder is filled before it takes its place.
    std::filesystem::path staging() const { return folder.parent_path() / (".creating-" + name); }
    std::filesystem::path file(std::string_view entry) const { return folder / entry; }
};

/// Throws a usage Error unless the words can name a service that exists (adopted ones may hold a
/// dot): no path, no dash first, 1 to 48 bytes.
void check_name(const std::string& name);
/// Throws unless a new service may get the name: stricter, and no twin of another service's host or
/// database name.
void check_new_name(const Context& context, const std::string& name);
/// The service of that name without asking whether it exists.
Service at(const Context& context, const std::string& name);
/// The service of that name; throws Error 3 (`Postgres service SVC does not exist`) when it is not
/// there or the caller may not see it.
Service open(const Context& context, const std::string& name);
/// Whether there is such a service, whoever asks.
bool exists(const Context& context, const std::string& name);
/// Throws that Error when a service that was opened is not there any more: another command may have
/// destroyed it while we waited for its lock.
void check_exists(const Service& service);
/// Every service of the host in C order, whoever asks; for hooks.
std::vector<Service> all(const Context& context);
/// Those of these services that the caller may see.
std::vector<Service> visible(const Context& context, std::vector<Service> services);

}  // namespace service
