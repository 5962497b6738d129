// Asking a server for a report.
#pragma once

#include <vector>

#include "pg/connection.h"
#include "report/report.h"

namespace report {

/// Runs the statement of a report and returns its rows. Throws pg::Failure, and Error if the
/// server's major has no statement.
std::vector<Row> ask(pg::Connection& inside, const Report& report);

}  // namespace report
