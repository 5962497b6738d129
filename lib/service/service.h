// A service: one managed PostgreSQL server with its names and folders.
#pragma once

#include <filesystem>
#include <string>
#include <string_view>
#include <vector>

#include "engine/engine.h"
#include "host/dokku.h"
#include "host/environment.h"

namespace service {

/// What a command works with: its environment, the host's Dokku and its engine.
struct Context {
    const host::Environment& environment;
    host::Dokku& dokku;
    engine::Engine& engine;
};

/// The context of this process.
const Context& context();

/// The network that services and their apps share.
inline constexpr std::string_view network = "dokku-postgres";

/// One service: names and paths only. Its files are read when they are needed.
struct Service {
    std::string name;
    std::filesystem::path folder;       // as we see it
    std::filesystem::path host_folder;  // as the engine sees it
    const Context* owner_context;       // not owned

    /// The context it was opened with, and its parts.
    const Context& context() const { return *owner_context; }
    const host::Environment& environment() const { return owner_context->environment; }
    host::Dokku& dokku() const { return owner_context->dokku; }
    engine::Engine& engine() const { return owner_context->engine; }

    /// The name of its container.
    std::string container() const { return "dokku.postgres." + name; }
    /// The name of the container that publishes its port.
    std::string ambassador() const { return container() + ".ambassador"; }
    /// A temporary container in which root works on the service's folder.
    std::string helper() const { return container() + ".helper"; }
    /// The host part of every URL: `dokku-postgres-<name>`, dots and underscores as dashes.
    std::string host() const;
    /// The folder in which create prepares the service's folder.
    std::filesystem::path staging() const { return folder.parent_path() / (".creating-" + name); }
    /// The path of an entry in its folder.
    std::filesystem::path file(std::string_view entry) const { return folder / entry; }
};

/// Throws a usage Error unless the text can be the name of a service (1 to 48 bytes, no leading
/// dash, not a path). Adopted services may have a dot.
void check_name(const std::string& name);
/// Throws Error unless a new service may get this name: stricter than check_name(), and its host
/// and database name must differ from those of other services.
void check_new_name(const Context& context, const std::string& name);
/// The service of that name, whether or not it exists.
Service at(const Context& context, const std::string& name);
/// The service of that name. Throws Error 3 (`Postgres service SVC does not exist`) if it does not
/// exist or the caller may not see it.
Service open(const Context& context, const std::string& name);
/// Whether a service exists, even if the caller may not see it.
bool exists(const Context& context, const std::string& name);
/// Throws Error 3 if the service does not exist any more: another command may have destroyed it
/// while we waited for its lock.
void check_exists(const Service& service);
/// All services of the host in C order, even those that the caller may not see; for hooks.
std::vector<Service> all(const Context& context);
/// Those of these services that the caller may see.
std::vector<Service> visible(const Context& context, std::vector<Service> services);

}  // namespace service
