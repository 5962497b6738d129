// Asking a server for a report.
#pragma once

#include <vector>

#include "pg/connection.h"
#include "report/report.h"

namespace report {

/// The rows of a report, by one statement; throws pg::Failure.
std::vector<Row> ask(pg::Connection& inside, const Report& report);

}  // namespace report
