// What a killed command left of a change that may be finished or taken back without asking. Needs
// no libpq, because hooks call it.
#include "server/settle.h"

#include <algorithm>
#include <iterator>
#include <string_view>

#include "error/error.h"
#include "host/log.h"
#include "server/container.h"
#include "server/expose.h"
#include "service/record.h"
#include "service/unfinished.h"
#include "state/files.h"
#include "state/lock.h"

namespace server {

namespace {

std::string remembered(const state::Journal& left, const char* key) {
    const auto found = left.memory.find(key);
    return found == left.memory.end() ? std::string{} : found->second;
}

bool is_new(const state::Journal& left, const engine::Container& container) {
    return container.id != remembered(left, former_container);
}

// From an older version there is none.
void write_wanted(const service::Service& service, const state::Journal& left) {
    if (left.memory.contains("record"))
        service::write_record(service, service::record_of(left.memory));
}

void put_back(const service::Service& service, const state::Journal& left,
              const std::optional<engine::Container>& container) {
    if (container && is_new(left, *container)) {
        if (container->running()) service.engine().stop(container->id, stop_patience);
        service.engine().remove(container->id, false);
    }
    bring_up_as_recorded(service, remembered(left, former_image));
}

bool settle_container(const service::Service& service, const state::Journal& left, Seen seen) {
    if (left.step == record_step) {
        write_wanted(service, left);
        return true;
    }
    if (left.memory.contains(stays_down)) return true;
    const auto container = container_of(service);
    const bool may_work =
        container && is_new(left, *container) && container->running() && seen != Seen::fails;
    if (!may_work) {
        put_back(service, left, container);
        return true;
    }
    if (seen == Seen::answers) write_wanted(service, left);
    return seen == Seen::answers;
}

// A port that cannot be served ends no other work.
void settle_port(const service::Service& service, const state::Journal& left) {
    try {
        if (left.operation == "expose")
            forward(service, service::read_record(service));
        else
            take_port_back(service);
    } catch (const Error& error) {
        host::warn("the port of Postgres service " + service.name +
                   " is not served: " + error.what());
    }
}

bool changes_port(const state::Journal& left) {
    return left.operation == "expose" || left.operation == "unexpose";
}

void end(const service::Service& service, const state::Journal& left) {
    if (changes_container(left)) state::remove_file(service.file(next_environment));
    service::forget_unfinished(service);
}

}  // namespace

bool changes_container(const state::Journal& left) {
    // an older version marked all of them as one
    constexpr std::string_view names[] = {"upgrade", "set", "mount", "unmount", "recreate"};
    return std::find(std::begin(names), std::end(names), left.operation) != std::end(names);
}

bool settle(const service::Service& service, Seen seen) {
    const auto left = service::unfinished(service);
    if (!left || left->blocks) return true;
    if (changes_container(*left)) {
        if (!settle_container(service, *left, seen)) return false;
    } else if (changes_port(*left)) {
        settle_port(service, *left);
    } else {
        return true;  // of the data: the next import, or start, looks for what is left
    }
    end(service, *left);
    return true;
}

void settle_or_refuse(const service::Service& service) {
    if (settle(service)) return;
    const auto left = service::unfinished(service);
    throw Error{"the " + left->operation + " of service " + service.name +
                    " was interrupted and is not finished",
                how_to_finish(service, *left), Exit::refused};
}

void settle_answering(const service::Service& service) {
    const auto left = service::unfinished(service);
    if (!left || !changes_container(*left)) return;
    const state::Lock lock(service.environment(), state::Lock::Of::service, service.name);
    settle(service, Seen::answers);
}

void settle_record(const service::Service& service) {
    const auto left = service::unfinished(service);
    if (!left || !changes_container(*left) || left->step != record_step) return;
    write_wanted(service, *left);
    end(service, *left);
}

bool is_unproven(const service::Service& service, const engine::Container& container) {
    const auto left = service::unfinished(service);
    return left && changes_container(*left) && !left->memory.contains(stays_down) &&
           is_new(*left, container);
}

void forget_change(const service::Service& service) {
    const auto left = service::unfinished(service);
    if (left && changes_container(*left)) end(service, *left);
}

std::string how_to_finish(const service::Service& service, const state::Journal& left) {
    if (!left.finish.empty()) return left.finish;
    const std::string again = "Run it again";
    if (!changes_container(left)) return again + ".";
    return again + ", or 'dokku postgres:start " + service.name +
           "', which keeps a new container whose server answers and else brings the former one "
           "back.";
}

}  // namespace server
