// A service opened for work on its data: up, answering, and with the tools of its own image at
// hand.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "pg/connection.h"
#include "process/process.h"
#include "service/lock.h"
#include "service/service.h"

namespace backup {

/// What a session is for: one that changes the data holds the service's lock while it lives, one
/// that fills a new service has a caller that holds it.
enum class Use { reading, changing, filling };

/// A service whose server answers. Holds no connection: what works for hours must not keep one
/// idle.
class Session {
public:
    /// Brings the service up when it is down and waits until it answers; throws Error when it does
    /// not.
    Session(const service::Site& site, const service::Service& service, Use use);

    const service::Service& service() const { return service_; }
    const engine::Container& container() const { return container_; }
    /// The service's own database.
    const std::string& database() const { return login_.database; }
    /// The server's version as libpq numbers it (170002).
    int version() const { return version_; }
    int major() const { return version_ / 10000; }

    /// A connection to the service's own database.
    pg::Connection own() const;
    /// A connection beside it, for what nobody may be logged in to. Keep it short: nobody can copy
    /// the database that it stands in meanwhile.
    pg::Connection beside() const;

    /// The application_name of the sessions of its tools, which nobody else's have.
    const std::string& application() const { return application_; }
    /// A program of the image, run as the image's user against a database over the server's socket.
    /// `settings` are of its sessions (`work_mem=64MB`).
    process::Command tool(const std::vector<std::string>& words, const std::string& database,
                          bool input, const std::vector<std::string>& settings = {},
                          bool terminal = false) const;

private:
    const service::Site& site_;
    service::Service service_;
    std::optional<service::Lock> lock_;
    engine::Container container_;
    pg::Login login_;
    std::string application_;
    int version_ = 0;
    bool needs_password_ = false;
};

}  // namespace backup
