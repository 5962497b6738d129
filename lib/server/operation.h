// Operations: changes of several steps on one service, each finished or taken back as a whole.
#pragma once

#include <functional>
#include <optional>
#include <string>
#include <vector>

#include "service/service.h"
#include "state/journal.h"

namespace server {

/// One step. Whoever was killed in it runs it again, so it does what is left of its work; `undo`
/// takes back what it did, all or a part or nothing.
struct Step {
    std::string name;  // as `info` shows it
    std::function<void()> run;
    std::function<void()> undo = {};  // empty: nothing to take back
};

/// The locks that the runner takes, and when the journal is written.
enum class Locks {
    service,             // nobody else knows the service: create
    server_and_service,  // nobody else works on it
    // What changes the record alone does not wait for an import of hours, which holds the server's
    // lock. The journal is then the import's and this operation has none: start and the hooks
    // finish what a kill leaves of it by the record.
    record,
    held,  // the caller holds the server's
};

struct Operation {
    std::string name;  // the command
    Locks locks = Locks::server_and_service;
    std::vector<std::string> arguments = {};  // without secrets
    // Under the locks: checks what must be so, and says what the steps are; none when there is
    // nothing to do. `journal.memory` goes into the journal before each step. `left` is the
    // operation that was cut short and that this one begins anew or goes on with.
    std::function<std::vector<Step>(state::Journal& journal,
                                    const std::optional<state::Journal>& left)>
        plan;
    // Whether its plan knows what to do with what such an operation left. Others are finished or
    // taken back before, or the operation is refused.
    std::function<bool(const state::Journal& left)> takes_over = {};
    // Puts the first journal where the service is not there yet.
    std::function<void(const state::Journal& journal)> begin = {};
    // What others are told while it is unfinished; the name and the steps are added.
    state::Journal unfinished = {};
    // There is no way back: an error leaves the journal, and the same command goes on at its step.
    bool one_way = false;
    // Told to other plugins (the trigger service-action): under the locks before the first step,
    // and at the end without a lock, because who hears of it may call us.
    std::string told_before = {};
    std::string told_after = {};
};

/// Runs an operation: takes the locks, refuses it (exit 4) while another one is unfinished that
/// nobody may finish unasked, writes the journal before each step, undoes the steps in reverse when
/// one fails or a signal comes, and removes the journal at the end. Throws what the step threw; a
/// step that cannot be undone is a warning, and leaves the journal.
void run(const service::Service& service, const Operation& operation);

/// Tells other plugins by the trigger service-action.
void announce(const service::Service& service, const std::string& action);

}  // namespace server
