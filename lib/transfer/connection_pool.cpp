// A pool of connections: a login costs ten times what most statements do.
#include "transfer/connection_pool.h"

namespace transfer {

namespace {

using Clock = std::chrono::steady_clock;
constexpr std::chrono::seconds longest_idle{3};
constexpr std::chrono::milliseconds longest_answer{500};

}  // namespace

std::optional<pg::Connection> ConnectionPool::take(const std::string& database) {
    close_old();
    for (auto one = idle_.begin(); one != idle_.end(); ++one) {
        if (one->database != database) continue;
        pg::Connection connection = std::move(one->connection);
        idle_.erase(one);
        if (connection.answers(longest_answer)) return connection;
        return {};
    }
    return {};
}

void ConnectionPool::keep(const std::string& database, pg::Connection connection) {
    idle_.push_back({database, std::move(connection), Clock::now()});
}

void ConnectionPool::close_old() {
    const auto now = Clock::now();
    idle_.remove_if([now](const Idle& one) {
        return now - one.since > longest_idle || !one.connection.is_idle();
    });
}

PooledConnection::~PooledConnection() {
    if (!pool_ || std::uncaught_exceptions() > exceptions_ || !connection_.is_idle()) return;
    pool_->keep(database_, std::move(connection_));
}

}  // namespace transfer
