// Access to the data of a running service: connections to its server, and tools of its image.
#pragma once

#include <chrono>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "pg/connection.h"
#include "pg/majors.h"
#include "process/process.h"
#include "service/service.h"
#include "state/lock.h"
#include "transfer/connection_pool.h"

namespace transfer {

/// The use of a session. `changing` holds the server's lock for its lifetime. `locked`: the caller
/// holds a lock of the service, and has started it.
enum class Use { reading, changing, locked };

/// A role that a tool uses instead of the service's user.
struct Role {
    std::string name = {};
    std::string password = {};  // empty: the server's socket does not require one
    bool over_tcp = false;      // the socket has another method than a password
};

/// A random password.
std::string new_password();
/// How a new role can log in to a database: with a new password, or without one on a trusted
/// socket. Does not create the role.
Role new_role(pg::Connection& server, const std::string& name, const std::string& database);

/// A program of the image, and the database it works on.
struct Tool {
    std::vector<std::string> words = {};
    std::string database = {};
    bool input = false;                      // it gets our standard input
    std::vector<std::string> settings = {};  // of its sessions (`work_mem=64MB`)
    bool terminal = false;
    std::optional<Role> as = {};
};

/// A service whose server answers. Methods that use the server throw pg::Failure.
class Session {
public:
    /// Starts the service if it is stopped, and waits until it answers. Throws Error if it does not
    /// within `patience`, or if its create was interrupted.
    Session(const service::Service& service, Use use,
            std::chrono::seconds patience = std::chrono::seconds{120});

    /// A new session for cleaning up after the server ended. The caller holds the lock.
    Session again() const { return {service_, Use::locked, std::chrono::seconds{30}}; }

    /// The service and its container.
    const service::Service& service() const { return service_; }
    const engine::Container& container() const { return container_; }
    /// The service's user, a superuser.
    const std::string& user() const { return login_.user; }
    /// The service's own database.
    const std::string& database() const { return login_.database; }
    /// The server's version as libpq numbers it (170002).
    int version() const { return version_; }
    /// The server's major.
    int major() const { return pg::major_of(version_); }

    /// The login of the service's user for a database, at the server's last known address.
    pg::Login login(const std::string& database) const;
    /// A connection to the service's own database.
    PooledConnection own() const;
    /// A connection to any database.
    PooledConnection to(const std::string& database) const;
    /// A connection to a maintenance database, for statements that need the service's database
    /// without sessions. Keep it short: meanwhile that database cannot be copied.
    PooledConnection beside() const;
    /// A connection to the service's database that does not belong to the pool.
    pg::Connection dedicated() const;
    /// Closes connections that were idle for some seconds; long work must call this regularly.
    void close_old() const { pool_->close_old(); }
    /// Closes all idle connections, before a database is renamed.
    void close_idle() const { pool_->close_all(); }

    /// The application_name of its tools' sessions, which is unique.
    const std::string& application() const { return application_; }
    /// The command that runs a tool as the image's user, over the server's socket.
    process::Command tool(const Tool& tool) const;
    /// The same for a tool whose result must be passed to outcome().
    process::Command work(Tool tool) const;
    /// The result of a tool started by work(). The engine's client also exits with 0 if it loses
    /// the connection; that becomes a failure here.
    process::Result outcome(process::Result result) const;
    /// Whether the end of one of these tools was not seen yet.
    bool has_tools_at_work() const { return shared_->tools_at_work > 0; }

private:
    pg::Connection log_in(const std::string& database) const;
    std::string present_address() const;

    service::Service service_;
    std::optional<state::Lock> server_lock_;
    engine::Container container_;
    pg::Login login_;
    std::string application_;
    int version_ = 0;
    bool needs_password_ = false;
    // What changes during work; shared by copies.
    struct SharedState {
        std::string address;    // the server's last known address
        int tools_at_work = 0;  // whose end was not seen
    };
    std::shared_ptr<SharedState> shared_ = std::make_shared<SharedState>();
    std::shared_ptr<ConnectionPool> pool_ = std::make_shared<ConnectionPool>();
};

}  // namespace transfer
