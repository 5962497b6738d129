// Connections between two uses: a login costs ten times what most statements do.
#pragma once

#include <chrono>
#include <exception>
#include <list>
#include <memory>
#include <optional>
#include <string>
#include <utility>

#include "pg/connection.h"

namespace backup {

/// Keeps connections for a few seconds. What works for hours must not hold one idle meanwhile: it
/// hinders who wants to rename or copy the database that it is logged in to.
class Pool {
public:
    /// One to that database that still lives, nothing when there is none.
    std::optional<pg::Connection> take(const std::string& database);
    void keep(const std::string& database, pg::Connection connection);
    /// Ends those that nobody took for a few seconds.
    void end_old();
    void end_all() { idle_.clear(); }

private:
    struct Idle {
        std::string database;
        pg::Connection connection;
        std::chrono::steady_clock::time_point since;
    };
    std::list<Idle> idle_;
};

/// A connection on loan from a pool. It goes back at the end of its scope, unless it is amid
/// something or the scope ends by an exception.
class Lent {
public:
    Lent(std::shared_ptr<Pool> pool, std::string database, pg::Connection connection)
        : pool_(std::move(pool)),
          database_(std::move(database)),
          connection_(std::move(connection)) {}
    ~Lent();
    Lent(Lent&& other) noexcept = default;
    Lent& operator=(Lent&&) = delete;

    // NOLINTNEXTLINE(google-explicit-constructor): stands for the connection
    operator pg::Connection&() { return connection_; }
    pg::Connection* operator->() { return &connection_; }

private:
    std::shared_ptr<Pool> pool_;  // null: moved from
    std::string database_;
    pg::Connection connection_;
    int exceptions_ = std::uncaught_exceptions();
};

}  // namespace backup
