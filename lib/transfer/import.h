// Import: a dump into the service's database, all of it or nothing.
#pragma once

#include "dump/dump_reader.h"
#include "pg/import_role.h"
#include "transfer/progress.h"
#include "transfer/session.h"

namespace transfer {

/// How a dump is to be taken in.
struct ImportOptions {
    bool grants = true;    // false: leave GRANT and REVOKE of an archive out
    bool trusted = false;  // as the service's user, a superuser, and not as a role of its own
    bool replace = false;  // what the dump does not hold goes, rows among it
    bool merge = false;    // into the database as it is, in one transaction; all else in it stays
    bool lenient = false;  // what fails is counted, told and left out
    pg::Provision provision = {};  // what is made before the dump is taken in
    // Sessions that fill the database at once, of archives only; 1 keeps the order of the rows.
    // Without a number one for each processor.
    std::optional<int> jobs = {};
    ProgressCallback taken = {};  // the dump's bytes as they come
    ProgressCallback filled =
        {};  // the size of the new database after the last of them was handed over
};

/// Replaces the service's database by the dump that a descriptor gives, or adds it to that: the
/// database is then either wholly the new one or exactly the old one. Returns how many statements
/// of the dump failed, where those are only counted. What can be told by the dump's first bytes (a
/// terminal, no input, an unknown form, an archive that the server's major cannot read) is refused
/// before anything is changed; rows that the dump would take away without saying so (exit 4) before
/// the old database goes.
std::size_t import_dump(const service::Service& service, int in, const ImportOptions& how);

/// The line of a tool's standard error that says why it failed.
std::string reason_of(const std::string& err);

}  // namespace transfer
