// A database made beside the service's own, filled, and put in its place in one step.
#pragma once

#include <string>

#include "backup/session.h"
#include "backup/watch.h"

namespace backup {

/// An empty twin of the service's database. Unless it was put in place it goes away with this
/// object; one that a killed command left behind goes with the next.
class Replacement {
public:
    /// Makes it, after what earlier runs left behind was removed. The session holds the service's
    /// lock.
    explicit Replacement(const Session& session);
    ~Replacement();
    Replacement(const Replacement&) = delete;
    Replacement& operator=(const Replacement&) = delete;

    const std::string& name() const { return name_; }
    /// Tells how large it has become, where anybody wants to know.
    void tell_size(const Watch& watch) const;
    /// Gives it the settings and grants of the old database and its name, and removes the old one.
    /// Until that moment the old one is as it was, afterwards the new one is whole.
    void put_in_place();

private:
    bool is_in_place() const;

    const Session& session_;
    std::string name_;
    bool in_place_ = false;
};

/// Whether a database is one that we make for a replacement or put aside for one.
bool is_left_over(const std::string& database);

}  // namespace backup
