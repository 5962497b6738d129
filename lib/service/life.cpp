// Bringing a service up, and waiting until it answers.

#include "service/life.h"

#include "host/log.h"
#include "service/adoption.h"
#include "service/container.h"
#include "service/expose.h"
#include "service/files.h"
#include "service/lock.h"
#include "service/notice.h"
#include "service/ready.h"

namespace service {

namespace {

constexpr std::chrono::seconds patience{60};

void bring_up_and_wait(const Site& site, const Service& service,
                       engine::Container (&bring_up_it)(const Site&, const Service&)) {
    const auto before = read_trimmed(service.file("ID"));
    {
        const Lock lock(site, Lock::Of::service, service.name);
        check_finished(service);
        bring_up_it(site, service);
        forward(site, service, read_record(site, service));
    }
    host::verbose("Waiting for container to be ready");
    wait_until_ready(site, service, patience);
    if (before && before != read_trimmed(service.file("ID")))
        follow_new_container(site, service, true);
}

}  // namespace

void start(const Site& site, const Service& service) {
    const auto container = container_of(site, service);
    if (container && container->running()) {
        host::warn("Service is already started");
    } else {
        host::info2("Starting container");
    }
    bring_up_and_wait(site, service, bring_up);
    if (!container || !container->running()) host::info2("Container started");
}

void restart(const Site& site, const Service& service) {
    host::info2("Restarting container");
    {
        const Lock server_lock(site, Lock::Of::server, service.name);
        const Lock lock(site, Lock::Of::service, service.name);
        check_finished(service);
        const auto container = container_of(site, service);
        if (container && container->running()) {
            say_connections_end(site, service, Apps::keep_running);
            settle_networks(site, service, *container);
            site.engine.restart(container->id, stop_patience);
        }
    }
    bring_up_and_wait(site, service, wake);
    host::info2("Container started");
}

}  // namespace service
