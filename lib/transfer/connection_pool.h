// A pool of connections: a login costs ten times what most statements do.
#pragma once

#include <chrono>
#include <exception>
#include <list>
#include <memory>
#include <optional>
#include <string>
#include <utility>

#include "pg/connection.h"

namespace transfer {

/// Idle connections, kept for a few seconds. What works for hours must not hold one meanwhile: it
/// keeps others from renaming or copying its database.
class ConnectionPool {
public:
    /// An idle connection to that database whose server answers, nothing when there is none.
    std::optional<pg::Connection> take(const std::string& database);
    void keep(const std::string& database, pg::Connection connection);
    /// Closes those that were idle for more than a few seconds.
    void close_old();
    void close_all() { idle_.clear(); }

private:
    struct Idle {
        std::string database;
        pg::Connection connection;
        std::chrono::steady_clock::time_point since;
    };
    std::list<Idle> idle_;
};

/// A connection from a pool. It goes back at the end of its scope, unless it is in a transaction or
/// the scope ends by an exception.
class PooledConnection {
public:
    PooledConnection(std::shared_ptr<ConnectionPool> pool, std::string database,
                     pg::Connection connection)
        : pool_(std::move(pool)),
          database_(std::move(database)),
          connection_(std::move(connection)) {}
    ~PooledConnection();
    PooledConnection(PooledConnection&& other) noexcept = default;
    PooledConnection& operator=(PooledConnection&&) = delete;

    // NOLINTNEXTLINE(google-explicit-constructor): stands for the connection
    operator pg::Connection&() { return connection_; }
    pg::Connection* operator->() { return &connection_; }

private:
    std::shared_ptr<ConnectionPool> pool_;  // null: moved from
    std::string database_;
    pg::Connection connection_;
    int exceptions_ = std::uncaught_exceptions();
};

}  // namespace transfer
