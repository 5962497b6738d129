// Copying a running server's files: PostgreSQL's low-level backup.
#include "pg/base_backup.h"

#include <utility>

namespace pg {

namespace {

constexpr const char* alone =
    "select not pg_is_in_recovery() and current_setting('wal_level') <> 'minimal'"
    " and current_database() not in ('postgres', 'template0', 'template1')"
    " and not exists (select from pg_database where datname not in"
    " (current_database(), 'postgres', 'template0', 'template1'))"
    " and not exists (select from pg_roles where rolname <> current_user and rolname !~ '^pg_')"
    " and not exists (select from pg_tablespace where spcname not in ('pg_default', 'pg_global'))"
    " and not exists (select from pg_class where relpersistence = 'u')"
    " and not exists (select from pg_subscription)"
    " and not exists (select from pg_prepared_xacts)"
    // the copy's pg_hba.conf accepts only this method
    " and exists (select from pg_authid where rolname = current_user"
    " and rolpassword like 'SCRAM-SHA-256$%')";

}  // namespace

bool is_alone(Connection& server) { return server.query(alone).front().front() == "t"; }

BaseBackup::BaseBackup(Connection server) : server_(std::move(server)) {
    server_.query(
        "select set_config(name, '0', false) from unnest(array['statement_timeout',"
        " 'lock_timeout', 'idle_session_timeout']) name");
    // A temporary slot, dropped with the session. It keeps the WAL from the last checkpoint on.
    server_.query(
        "select pg_create_physical_replication_slot('dokku_postgres_' || pg_backend_pid(), true,"
        " true)");
    first_log_ = server_.query("select pg_walfile_name(pg_backup_start('dokku-postgres', true))")
                     .front()
                     .front()
                     .value_or("");
}

BackupEnd BaseBackup::finish() {
    auto row =
        server_.query("select labelfile, pg_walfile_name(lsn) from pg_backup_stop(false)").front();
    return {.label = row[0].value_or(""), .first_log = first_log_, .last_log = row[1].value_or("")};
}

}  // namespace pg
