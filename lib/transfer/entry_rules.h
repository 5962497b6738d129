// Entries of an archive that import changes or leaves out, because stock tools fail or ignore an
// error there.
#pragma once

#include "dump/archive.h"
#include "transfer/statement_rules.h"

namespace transfer {

/// Applies the rules for statements to the entries of one archive, in their order.
class EntryRules {
public:
    explicit EntryRules(StatementRules& rules) : rules_(rules) {}

    /// Changes an entry as the rules say. False: it is left out, with its data.
    bool operator()(dump::Entry& entry);

private:
    bool change(dump::Entry& entry);

    StatementRules& rules_;
};

}  // namespace transfer
