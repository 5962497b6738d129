// What stock tools get past in an archive, and import does right or leaves out: entry by entry.
#pragma once

#include "backup/archive.h"
#include "backup/rules.h"

namespace backup {

/// Decides on the entries of one archive, in their order, by the rules for statements.
class EntryRules {
public:
    explicit EntryRules(Rules& rules) : rules_(rules) {}

    /// Puts an entry as it is to be restored; false leaves it out, and its data with it.
    bool operator()(Entry& entry);

private:
    bool change(Entry& entry);

    Rules& rules_;
};

}  // namespace backup
