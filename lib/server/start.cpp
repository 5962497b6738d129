// Bringing a service up, and waiting until it answers.

#include "server/start_stop.h"

#include "error/error.h"
#include "host/log.h"
#include "process/cancellation.h"
#include "server/container.h"
#include "server/expose.h"
#include "server/linked_apps.h"
#include "server/notices.h"
#include "server/ready.h"
#include "server/settle.h"
#include "service/unfinished.h"
#include "state/files.h"
#include "state/lock.h"

namespace server {

namespace {

constexpr std::chrono::seconds patience{60};

// Options that were set while the service was down are tried here first.
void wait_with_options(const service::Service& service) {
    try {
        wait_until_ready(service, patience);
    } catch (const process::Cancelled&) {
        throw;
    } catch (const Error& error) {
        const auto options = service::read_record(service).config_options;
        if (error.code() != Exit::failed || options.empty()) throw;
        const auto details = error.hint().empty() ? "" : error.hint() + "\n";
        throw Error{error.what(), details + "Its config options are: " + options +
                                      "\nTo change them: dokku postgres:set " + service.name +
                                      " config-options OPTIONS"};
    }
}

void bring_up_and_wait(const service::Service& service,
                       engine::Container (&bring_up_it)(const service::Service&)) {
    const auto before = state::read_trimmed(service.file("ID"));
    {
        const state::Lock lock(service.environment(), state::Lock::Of::service, service.name);
        service::check_finished(service);
        bring_up_it(service);
        forward(service, service::read_record(service));
    }
    host::verbose("Waiting for container to be ready");
    wait_with_options(service);
    settle_answering(service);
    if (before && before != state::read_trimmed(service.file("ID")))
        follow_new_container(service, true);
}

}  // namespace

void start(const service::Service& service) {
    const auto container = container_of(service);
    if (container && container->running()) {
        host::warn("Service is already started");
    } else {
        host::info2("Starting container");
    }
    bring_up_and_wait(service, bring_up);
    if (!container || !container->running()) host::info2("Container started");
}

void restart(const service::Service& service) {
    host::info2("Restarting container");
    {
        const state::Lock server_lock(service.environment(), state::Lock::Of::server, service.name);
        const state::Lock lock(service.environment(), state::Lock::Of::service, service.name);
        service::check_finished(service);
        const auto container = container_of(service);
        if (container && container->running()) {
            say_connections_end(service, Apps::keep_running);
            settle_networks(service, *container);
            service.engine().restart(container->id, stop_patience);
        }
    }
    bring_up_and_wait(service, wake);
    host::info2("Container started");
}

}  // namespace server
