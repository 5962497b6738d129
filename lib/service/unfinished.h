// Operations that began on a service and have not ended: at work, or cut short.
#pragma once

#include <optional>

#include "service/service.h"
#include "state/journal.h"

namespace service {

/// The journal of the service's unfinished operation, from operation.json or from the mark that an
/// older version left in service.yml; nothing when there is none. Throws Error for a journal that
/// cannot be read.
std::optional<state::Journal> unfinished(const Service& service);
/// Whether it is a create or a clone: what is there of the service may be taken away.
bool is_creation(const state::Journal& journal);
/// Ends it: removes the journal, and the mark of an older version.
void forget_unfinished(const Service& service);
/// Throws Error 3 for a service that is not there, 4 for one whose unfinished operation lets no
/// other command work on it (create, clone, destroy).
void check_finished(const Service& service);

/// What a create or clone, and a destroy, says of the service while it is unfinished.
state::Journal unfinished_creation(const Service& service, const std::string& operation);
state::Journal unfinished_removal(const Service& service);

}  // namespace service
