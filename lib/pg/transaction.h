// A transaction that is undone unless it gets to its end.
#pragma once

#include "pg/connection.h"

namespace pg {

/// Begins with this object; what was not committed when it goes is undone.
class Transaction {
public:
    explicit Transaction(Connection& server);
    ~Transaction();
    Transaction(const Transaction&) = delete;
    Transaction& operator=(const Transaction&) = delete;
    void commit();

private:
    Connection& server_;
    bool done_ = false;
};

}  // namespace pg
