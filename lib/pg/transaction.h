// A transaction that is rolled back unless it is committed.
#pragma once

#include "pg/connection.h"

namespace pg {

/// The constructor begins the transaction; the destructor rolls it back unless it was committed.
/// Throws Failure.
class Transaction {
public:
    explicit Transaction(Connection& server);
    ~Transaction();
    Transaction(const Transaction&) = delete;
    Transaction& operator=(const Transaction&) = delete;
    /// Commits the transaction.
    void commit();

private:
    Connection& server_;
    bool done_ = false;
};

}  // namespace pg
