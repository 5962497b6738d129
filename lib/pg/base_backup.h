// A server's files copied while it works: PostgreSQL's low-level backup.
#pragma once

#include <string>

#include "pg/connection.h"

namespace pg {

/// Whether a copy of the server's files is a copy of the database that we are logged in to and of
/// nothing else: no other database, role or tablespace, nothing that a copy loses (unlogged
/// tables), and nothing that would go on by itself in it (subscriptions, prepared transactions).
bool is_alone(Connection& server);

/// What makes copied files whole.
struct BackupEnd {
    std::string label;      // goes with them as the file `backup_label`
    std::string first_log;  // of the files in `pg_wal` from this one ..
    std::string last_log;   // .. to this one
};

/// While it lives a server's files may be copied, and its log's files stay that the copy needs.
class BaseBackup {
public:
    /// Begins with a checkpoint. Throws Failure where the server has no room for one more
    /// replication slot, or logs too little.
    explicit BaseBackup(Connection server);
    /// All files but the log's are copied.
    BackupEnd finish();

private:
    Connection server_;
    std::string first_log_;
};

}  // namespace pg
