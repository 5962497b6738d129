// Copying a running server's files: PostgreSQL's low-level backup.
#pragma once

#include <string>

#include "pg/connection.h"

namespace pg {

/// Whether a copy of the server's files contains our database and nothing else: no other database,
/// role or tablespace, nothing that a copy loses (unlogged tables), and nothing that would act by
/// itself in the copy (subscriptions, prepared transactions). Throws Failure.
bool is_alone(Connection& server);

/// What a copy needs to be complete.
struct BackupEnd {
    std::string label;      // contents of the file `backup_label` in the copy
    std::string first_log;  // the first WAL file that the copy needs
    std::string last_log;   // the last one
};

/// During its lifetime a server's files may be copied; the server keeps the WAL files that the copy
/// needs.
class BaseBackup {
public:
    /// Begins with a checkpoint. Throws Failure if the server has no free replication slot, or its
    /// wal_level is too low.
    explicit BaseBackup(Connection server);
    /// Ends the backup, once all files except WAL are copied. Throws Failure.
    BackupEnd finish();

private:
    Connection server_;
    std::string first_log_;
};

}  // namespace pg
