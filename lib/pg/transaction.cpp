// A transaction that is rolled back unless it is committed.
#include "pg/transaction.h"

namespace pg {

Transaction::Transaction(Connection& server) : server_(server) { server_.query("begin"); }

Transaction::~Transaction() {
    if (done_) return;
    try {
        server_.query("rollback");
    } catch (const Failure&) {
        // without a connection the server has rolled it back already
    }
}

void Transaction::commit() {
    server_.query("commit");
    done_ = true;
}

}  // namespace pg
