// Import: a dump into the service's database, all of it or nothing.
#pragma once

#include "backup/session.h"
#include "backup/source.h"
#include "backup/watch.h"

namespace backup {

/// How a dump is to be taken in.
struct Restoring {
    bool grants = true;    // false: leave GRANT and REVOKE of an archive out
    bool trusted = false;  // as the service's user, a superuser, and not as a role of its own
    // Sessions that fill the database at once, of archives only; 1 keeps the order of the rows.
    // Without a number one for each processor.
    std::optional<int> jobs = {};
    Watch taken = {};   // the dump's bytes as they come
    Watch filled = {};  // the size of the new database after the last of them was handed over
};

/// Replaces the service's database by the dump that a descriptor gives: it is then either wholly
/// the new one or exactly the old one. What can be told by the dump's first bytes (a terminal, no
/// input, an unknown form, an archive that the server's major cannot read) is refused before
/// anything is changed.
void restore(const service::Site& site, const service::Service& service, int in,
             const Restoring& how);

/// The line of a tool's standard error that says why it failed.
std::string reason_of(const std::string& err);

/// Whether psql of a server version knows `\restrict`.
bool knows_restrict(int version);

}  // namespace backup
