// Taking a service down; apart from life.cpp, so that a program which
// only stops needs no libpq.

#include "error/error.h"
#include "host/log.h"
#include "service/container.h"
#include "service/life.h"
#include "service/lock.h"
#include "service/notice.h"
#include "service/record.h"

namespace service {

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

// Who takes a service down wants it down, whatever a killed command had begun.
void forget_remake(const Site& site, const Service& service) {
    Record record = read_record(site, service);
    if (record.state != State::remaking) return;
    record.state = State::ready;
    record.former_image.clear();
    write_record(site, service, record);
}

std::optional<engine::Container> halt(const Site& site, const Service& service, Fate fate) {
    check_exists(service);
    auto container = container_of(site, service);
    if (container && fate == Fate::goes) check_data_outlive(service, *container);
    forget_remake(site, service);
    const auto words = words_of(fate);
    if (!container) {
        host::warn(words.already);
        return {};
    }
    host::info2(words.begin);
    if (container->running()) say_connections_end(site, service, Apps::lose_database);
    if (container->status == "paused") site.engine.unpause(container->id);
    site.engine.stop(container->id, stop_patience);
    // Nothing to forward to; it is started again with the service.
    if (!read_record(site, service).ports.empty() && site.engine.find(service.ambassador())) {
        site.engine.stop(service.ambassador(), stop_patience);
    }
    host::verbose(words.end);
    return container;
}

}  // namespace

void stop(const Site& site, const Service& service) {
    const Lock server_lock(site, Lock::Of::server, service.name);
    const Lock lock(site, Lock::Of::service, service.name);
    const auto container = halt(site, service, Fate::goes);
    if (!container) return;
    host::verbose("Removing container");
    // What the container alone knows, the image of an adopted one without IMAGE among it.
    auto record = read_record(site, service);
    if (record.image.empty()) set_reference(record, container->image);
    learn_from(*container, record);
    write_record(site, service, record);
    site.engine.remove(container->id, false);
}

void pause(const Site& site, const Service& service) {
    const Lock server_lock(site, Lock::Of::server, service.name);
    const Lock lock(site, Lock::Of::service, service.name);
    halt(site, service, Fate::stays);
}

}  // namespace service
