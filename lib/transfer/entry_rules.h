// What stock tools get past in an archive, and import does right or leaves out: entry by entry.
#pragma once

#include "dump/archive.h"
#include "transfer/statement_rules.h"

namespace transfer {

/// Decides on the entries of one archive, in their order, by the rules for statements.
class EntryRules {
public:
    explicit EntryRules(StatementRules& rules) : rules_(rules) {}

    /// Puts an entry as it is to be restored; false leaves it out, and its data with it.
    bool operator()(dump::Entry& entry);

private:
    bool change(dump::Entry& entry);

    StatementRules& rules_;
};

}  // namespace transfer
