// Asking a server for a report.
#include "report/ask.h"

namespace report {

std::vector<Row> ask(pg::Connection& inside, const Report& report) {
    return inside.query(std::string{statement_for(report, inside.major())});
}

}  // namespace report
