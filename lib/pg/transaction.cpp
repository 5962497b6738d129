// A transaction that is undone unless it gets to its end.
#include "pg/transaction.h"

namespace pg {

Transaction::Transaction(Connection& server) : server_(server) { server_.query("begin"); }

Transaction::~Transaction() {
    if (done_) return;
    try {
        server_.query("rollback");
    } catch (const Failure&) {
        // without a connection the server has undone it already
    }
}

void Transaction::commit() {
    server_.query("commit");
    done_ = true;
}

}  // namespace pg
