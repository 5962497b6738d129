// A service opened for work on its data: up, answering, and with the tools of its own image at
// hand.
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

/// What a session is for: one that changes the data holds the server's lock while it lives, or has
/// a caller that holds it, or the service's, and brought the service up.
enum class Use { reading, changing, locked };

/// Who a tool logs in as instead of the service's user.
struct Role {
    std::string name = {};
    std::string password = {};  // empty: the server's own socket asks for none
    bool over_tcp = false;      // the socket would ask for more than a password
};

/// A password that nobody guesses.
std::string new_password();
/// How a role of that name, with no right of its own, gets into a database; its password is new.
Role new_role(pg::Connection& server, const std::string& name, const std::string& database);

/// A program of the image that works on a database.
struct Tool {
    std::vector<std::string> words = {};
    std::string database = {};
    bool input = false;                      // it reads our standard input
    std::vector<std::string> settings = {};  // of its sessions (`work_mem=64MB`)
    bool terminal = false;
    std::optional<Role> as = {};
};

/// A service whose server answers.
class Session {
public:
    /// Brings the service up when it is down and waits until it answers; throws Error when it does
    /// not, or was never finished.
    Session(const service::Service& service, Use use,
            std::chrono::seconds patience = std::chrono::seconds{120});

    /// A new one to clear up with after the server ended; its caller holds the lock.
    Session again() const { return {service_, Use::locked, std::chrono::seconds{30}}; }

    const service::Service& service() const { return service_; }
    const engine::Container& container() const { return container_; }
    /// The service's user, a superuser.
    const std::string& user() const { return login_.user; }
    /// The service's own database.
    const std::string& database() const { return login_.database; }
    /// The server's version as libpq numbers it (170002).
    int version() const { return version_; }
    int major() const { return pg::major_of(version_); }

    /// How the service's user logs in to a database where the server was found.
    pg::Login login(const std::string& database) const;
    /// A connection to the service's own database.
    PooledConnection own() const;
    /// A connection to another one.
    PooledConnection to(const std::string& database) const;
    /// A connection beside it, for what nobody may be logged in to. Keep it short: nobody can copy
    /// the database that it stands in meanwhile.
    PooledConnection beside() const;
    /// A connection to the service's own database that is not the pool's: its caller keeps it.
    pg::Connection dedicated() const;
    /// Closes connections that were idle for some seconds: to be called by what takes long.
    void close_old() const { pool_->close_old(); }
    /// Closes all idle connections: before a database that they may be in is renamed.
    void close_idle() const { pool_->close_all(); }

    /// The application_name of the sessions of its tools, which nobody else's have.
    const std::string& application() const { return application_; }
    /// The command that runs a program of the image as the image's user, over the server's socket.
    process::Command tool(const Tool& tool) const;
    /// The same for a program whose end counts: `outcome` has to hear of it.
    process::Command work(Tool tool) const;
    /// How such a program ended. The engine's client ends well as well when it lost sight of it.
    process::Result outcome(process::Result result) const;
    /// Whether one of them has not said that it ended.
    bool has_tools_at_work() const { return course_->tools_at_work > 0; }

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
    // What changes while it is at work.
    struct Course {
        std::string address;    // where the server was found last
        int tools_at_work = 0;  // that have not said that they ended
    };
    std::shared_ptr<Course> course_ = std::make_shared<Course>();
    std::shared_ptr<ConnectionPool> pool_ = std::make_shared<ConnectionPool>();
};

}  // namespace transfer
