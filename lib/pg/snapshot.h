// A state of a database that several programs can look at.
#pragma once

#include <string>

#include "pg/connection.h"

namespace pg {

/// What a database held at one moment, for `pg_dump --snapshot`, as long as this lives.
class Snapshot {
public:
    explicit Snapshot(Connection server);
    /// Its name: who begins while this lives sees that state to its own end.
    const std::string& name() const { return name_; }

private:
    Connection server_;
    std::string name_;
};

}  // namespace pg
