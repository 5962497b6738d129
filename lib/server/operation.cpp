// The runner of operations.
#include "server/operation.h"

#include <algorithm>
#include <filesystem>

#include "error/error.h"
#include "host/log.h"
#include "process/cancellation.h"
#include "server/settle.h"
#include "service/unfinished.h"
#include "state/lock.h"

namespace server {

namespace {

using Journal = std::optional<state::Journal>;

struct Held {
    std::optional<state::Lock> server = {};
    std::optional<state::Lock> service = {};
    bool has_journal = true;
};

Held hold(const service::Service& service, Locks locks) {
    const auto& environment = service.environment();
    Held held;
    if (locks == Locks::held) return held;
    if (locks == Locks::server_and_service)
        held.server.emplace(environment, state::Lock::Of::server, service.name);
    held.service.emplace(environment, state::Lock::Of::service, service.name);
    if (locks == Locks::record) {
        if (auto server = state::Lock::at_once(environment, state::Lock::Of::server, service.name))
            held.server.emplace(std::move(*server));
        held.has_journal = held.server.has_value();
    }
    return held;
}

// A name that is free keeps no lock file. The caller holds the locks.
void forget_locks_of_nothing(const service::Service& service, const Held& held) {
    std::error_code failed;
    const auto there = std::filesystem::symlink_status(service.folder, failed).type();
    if (there != std::filesystem::file_type::not_found) return;
    try {
        if (held.service)
            state::forget_lock(service.environment(), state::Lock::Of::service, service.name);
        if (held.server)
            state::forget_lock(service.environment(), state::Lock::Of::server, service.name);
    } catch (const std::exception& problem) {
        host::debug(problem.what());
    }
}

/// One run, under the locks.
class Run {
public:
    Run(const service::Service& service, const Operation& operation, bool has_journal)
        : service_(service), operation_(operation), has_journal_(has_journal) {}

    void all() {
        const Journal left = what_is_left();
        journal_ = operation_.unfinished;
        journal_.operation = operation_.name;
        journal_.arguments = operation_.arguments;
        if (goes_on_with(left)) journal_.memory = left->memory;
        steps_ = operation_.plan(journal_, left);
        if (steps_.empty()) return;
        if (!operation_.told_before.empty()) announce(service_, operation_.told_before);
        for (auto at = first(left); at < steps_.size(); ++at) take(at);
        if (has_journal_) service::forget_unfinished(service_);
    }

private:
    // What was cut short, as far as this operation has to know of it.
    Journal what_is_left() const {
        auto left = read();
        if (!left || (operation_.takes_over && operation_.takes_over(*left))) return left;
        if (left->blocks) throw Error{left->found, left->finish, Exit::refused};
        if (!has_journal_) return {};
        if (goes_on_with(left)) return left;
        settle_or_refuse(service_);
        return {};
    }

    // There is no way back from it, and it is the same.
    bool goes_on_with(const Journal& left) const {
        return operation_.one_way && left && left->operation == operation_.name;
    }

    // What takes everything over can do without a journal that cannot be read.
    Journal read() const {
        try {
            return service::unfinished(service_);
        } catch (const Error& error) {
            if (!operation_.takes_over) throw;
            host::debug(error.what());
            return {};
        }
    }

    std::size_t first(const Journal& left) const {
        if (!goes_on_with(left)) return 0;
        const auto reached = std::find_if(steps_.begin(), steps_.end(), [&](const Step& step) {
            return step.name == left->step;
        });
        return reached == steps_.end() ? 0 : static_cast<std::size_t>(reached - steps_.begin());
    }

    void take(std::size_t at) {
        try {
            process::check_cancelled();
            write(steps_[at].name);
            if (steps_[at].run) steps_[at].run();
        } catch (...) {
            if (!operation_.one_way) back_from(at);
            throw;
        }
    }

    void write(const std::string& step) {
        journal_.step = step;
        if (!has_journal_) return;
        if (is_begun_ || !operation_.begin) {
            state::write_journal(service_.folder, journal_);
        } else {
            operation_.begin(journal_);
        }
        is_begun_ = true;
    }

    void back_from(std::size_t at) const {
        // It takes two more signals to end this.
        const process::DeferredCancellation undisturbed{
            std::make_exception_ptr(process::Cancelled{"interrupted"})};
        try {
            for (auto next = at + 1; next-- > 0;) {
                if (steps_[next].undo) steps_[next].undo();
            }
            if (has_journal_) service::forget_unfinished(service_);
        } catch (const std::exception& problem) {
            host::warn(problem.what());
            host::warn("The " + operation_.name + " of " + service_.name + " is not taken back. " +
                       how_to_finish(service_, journal_));
        }
    }

    const service::Service& service_;
    const Operation& operation_;
    bool has_journal_;
    bool is_begun_ = false;
    state::Journal journal_;
    std::vector<Step> steps_;
};

void run_alone(const service::Service& service, const Operation& operation) {
    const Held held = hold(service, operation.locks);
    std::optional<process::Cancellation> interrupt;
    if (!operation.one_way) interrupt.emplace();
    try {
        Run{service, operation, held.has_journal}.all();
    } catch (...) {
        forget_locks_of_nothing(service, held);
        throw;
    }
    forget_locks_of_nothing(service, held);
}

}  // namespace

void announce(const service::Service& service, const std::string& action) {
    service.dokku().trigger("service-action", {action, "postgres", service.name});
}

void run(const service::Service& service, const Operation& operation) {
    run_alone(service, operation);
    if (!operation.told_after.empty()) announce(service, operation.told_after);
}

}  // namespace server
