// What of a database a dump does not hold and would take away with it.
#pragma once

#include <set>
#include <vector>

#include "pg/rows.h"
#include "transfer/session.h"
#include "transfer/statement_rules.h"

namespace transfer {

/// What the service's database has of rows, asked once before a dump is taken in.
class PartialDumpCheck {
public:
    explicit PartialDumpCheck(const Session& session);

    /// Throws Error (exit 4), naming tables and rows, unless the dump makes every table that has
    /// rows and has rows for it; told by an archive's list.
    void check_list(const StatementRules& rules) const;
    /// The same, told by the database that was made of the dump.
    void check_database(const std::string& database, const StatementRules& rules) const;

private:
    [[noreturn]] void refuse(const std::vector<const pg::Table*>& missing,
                             bool large_objects) const;

    const Session& session_;
    std::vector<pg::Table> filled_;
    bool large_objects_ = false;
};

}  // namespace transfer
