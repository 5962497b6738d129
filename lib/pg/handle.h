// Handles of libpq, and the login, for the files of this folder.
#pragma once

#include <libpq-fe.h>

#include <memory>
#include <string>

#include "pg/connection.h"

namespace pg {

struct Finish {
    void operator()(PGconn* connection) const { PQfinish(connection); }
};
struct Clear {
    void operator()(PGresult* result) const { PQclear(result); }
};
struct Free {
    void operator()(char* text) const { PQfreemem(text); }
};
using Handle = std::unique_ptr<PGconn, Finish>;
using Outcome = std::unique_ptr<PGresult, Clear>;
using Text = std::unique_ptr<char, Free>;

/// Logs in; throws Failure.
Handle log_in(const Login& login);
/// The error of a result; without a result, that of the connection.
Failure failure_of(const PGresult* result, const PGconn* connection);

}  // namespace pg
