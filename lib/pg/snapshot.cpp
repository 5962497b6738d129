// A snapshot of a database that several programs can use.
#include "pg/snapshot.h"

#include <utility>

namespace pg {

Snapshot::Snapshot(Connection server) : server_(std::move(server)) {
    server_.query("set idle_in_transaction_session_timeout = 0");
    server_.query("begin isolation level repeatable read read only");
    name_ = server_.query("select pg_export_snapshot()").front().front().value_or("");
}

}  // namespace pg
