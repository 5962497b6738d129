// Taking a service down; apart from start.cpp, so that a program which
// only stops needs no libpq.

#include "error/error.h"
#include "host/log.h"
#include "server/container.h"
#include "server/notices.h"
#include "server/settle.h"
#include "server/start_stop.h"
#include "service/record.h"
#include "state/lock.h"

namespace server {

namespace {

// Of the container.
enum class Fate { stays, goes };

// What people read of it.
struct Words {
    const char* begin;
    const char* end;
    const char* already;
};

Words words_of(Fate fate) {
    if (fate == Fate::stays)
        return {"Pausing container", "Container paused", "Service is already paused"};
    return {"Stopping container", "Container stopped", "Service is already stopped"};
}

std::optional<engine::Container> halt(const service::Service& service, Fate fate) {
    service::check_exists(service);
    auto container = container_of(service);
    if (container && fate == Fate::goes) check_data_outlive(service, *container);
    settle_record(service);
    const auto words = words_of(fate);
    if (!container) {
        forget_change(service);
        host::warn(words.already);
        return {};
    }
    host::info2(words.begin);
    if (container->running()) say_connections_end(service, Apps::lose_database);
    if (container->status == "paused") service.engine().unpause(container->id);
    service.engine().stop(container->id, stop_patience);
    // Nothing to forward to; it is started again with the service.
    if (!service::read_record(service).ports.empty() &&
        service.engine().find(service.ambassador())) {
        service.engine().stop(service.ambassador(), stop_patience);
    }
    host::verbose(words.end);
    return container;
}

}  // namespace

void stop(const service::Service& service) {
    const state::Lock server_lock(service.environment(), state::Lock::Of::server, service.name);
    const state::Lock lock(service.environment(), state::Lock::Of::service, service.name);
    const auto container = halt(service, Fate::goes);
    if (!container) return;
    host::verbose("Removing container");
    // What the container alone knows, the image of an adopted one without IMAGE among it.
    auto record = service::read_record(service);
    if (record.image.empty()) service::set_reference(record, container->image);
    learn_from(*container, record);
    service::write_record(service, record);
    service.engine().remove(container->id, false);
    forget_change(service);
}

void pause(const service::Service& service) {
    const state::Lock server_lock(service.environment(), state::Lock::Of::server, service.name);
    const state::Lock lock(service.environment(), state::Lock::Of::service, service.name);
    const auto container = halt(service, Fate::stays);
    // the next start makes it from the record
    if (container && is_unproven(service, *container))
        service.engine().remove(container->id, false);
    forget_change(service);
}

}  // namespace server
