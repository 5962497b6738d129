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

/// Idle connections, kept for a few seconds. Long work must not keep one: it would prevent others
/// from renaming or copying the database.
class ConnectionPool {
public:
    /// An idle connection to the database whose server still answers, nothing if there is none.
    std::optional<pg::Connection> take(const std::string& database);
    /// Puts a connection into the pool.
    void keep(const std::string& database, pg::Connection connection);
    /// Closes connections that were idle for more than a few seconds.
    void close_old();
    /// Closes all idle connections.
    void close_all() { idle_.clear(); }

private:
    struct Idle {
        std::string database;
        pg::Connection connection;
        std::chrono::steady_clock::time_point since;
    };
    std::list<Idle> idle_;
};

/// A connection from a pool. The destructor returns it, unless it is in a transaction or an
/// exception is thrown.
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

    // NOLINTNEXTLINE(google-explicit-constructor): used like the connection
    operator pg::Connection&() { return connection_; }
    pg::Connection* operator->() { return &connection_; }

private:
    std::shared_ptr<ConnectionPool> pool_;  // null: moved from
    std::string database_;
    pg::Connection connection_;
    int exceptions_ = std::uncaught_exceptions();
};

}  // namespace transfer
