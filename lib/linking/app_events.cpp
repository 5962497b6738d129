// Links of an app that is cloned, renamed or destroyed.

#include "linking/app_events.h"

#include "error/error.h"
#include "host/log.h"
#include "linking/refresh.h"
#include "service/links.h"
#include "state/lock.h"

namespace linking {

namespace {

// A link without detail is found again in the app's config, so an unreadable record is no reason to
// stop.
void copy_detail(const service::Service& service, const std::string& from, const std::string& to) {
    try {
        for (auto& link : service::link_details(service)) {
            if (link.app != from) continue;
            link.app = to;
            return service::write_link_detail(service, link);
        }
    } catch (const Error& error) {
        host::warn(error.what());
    }
}

void warn_of_rest(const service::Service& service, const std::string& app, const Error& error) {
    host::warn("app " + app + " may still stand in the records of Postgres service " +
               service.name + ": " + error.what());
}

void drop_detail(const service::Service& service, const std::string& app) {
    try {
        service::remove_link_detail(service, app);
    } catch (const Error& error) {
        warn_of_rest(service, app, error);
    }
}

}  // namespace

void copy_links(const service::Context& context, const std::string& from, const std::string& to) {
    const auto services = service::services_of(context, from);
    if (services.empty()) return;
    for (const auto& service : services) {
        const state::Lock service_lock(context.environment, state::Lock::Of::service, service.name);
        const state::Lock app_lock(context.environment, state::Lock::Of::app, to);
        copy_detail(service, from, to);
        service::add_to_links(service, to);
    }
    try {
        refresh(context, to);
    } catch (const Error& error) {
        host::warn("the links of app " + to + " are not corrected: " + error.what());
    }
}

void drop_links(const service::Context& context, const std::string& app) {
    for (const auto& service : service::services_of(context, app)) {
        host::verbose("Unlinking from " + service.name);
        try {
            const state::Lock service_lock(context.environment, state::Lock::Of::service,
                                           service.name);
            // LINKS last: if this is killed, the next run finds the rest by it
            drop_detail(service, app);
            service::remove_from_links(service, app);
        } catch (const Error& error) {
            warn_of_rest(service, app, error);
        }
    }
}

}  // namespace linking
