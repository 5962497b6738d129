// Tables with rows that an import would delete, because the dump does not have them.
#pragma once

#include <set>
#include <vector>

#include "pg/rows.h"
#include "transfer/session.h"
#include "transfer/statement_rules.h"

namespace transfer {

/// The tables with rows in the service's database, read before the import.
class PartialDumpCheck {
public:
    explicit PartialDumpCheck(const Session& session);

    /// Throws Error (exit 4), which lists tables and rows, unless the dump creates every table that
    /// has rows and has rows for it; decided by the archive's table of contents.
    void check_list(const StatementRules& rules) const;
    /// The same, decided by the database that was filled from the dump.
    void check_database(const std::string& database, const StatementRules& rules) const;

private:
    [[noreturn]] void refuse(const std::vector<const pg::Table*>& missing,
                             bool large_objects) const;

    const Session& session_;
    std::vector<pg::Table> filled_;
    bool large_objects_ = false;
};

}  // namespace transfer
