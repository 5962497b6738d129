// A snapshot of a database that several programs can use.
#pragma once

#include <string>

#include "pg/connection.h"

namespace pg {

/// An exported snapshot, for `pg_dump --snapshot`. It is valid for the lifetime of this object.
class Snapshot {
public:
    explicit Snapshot(Connection server);
    /// Its name. A program that starts during the lifetime keeps the snapshot until it ends.
    const std::string& name() const { return name_; }

private:
    Connection server_;
    std::string name_;
};

}  // namespace pg
