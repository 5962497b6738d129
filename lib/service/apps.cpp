// What becomes of links when an app is copied, renamed or destroyed.

#include "service/apps.h"

#include "error/error.h"
#include "host/log.h"
#include "service/links.h"
#include "service/lock.h"
#include "service/refresh.h"

namespace service {

namespace {

// A link without detail is found again in the app's config, so a record that cannot be read is no
// reason to stop.
void copy_detail(const Service& service, const std::string& from, const std::string& to) {
    try {
        for (auto& link : link_details(service)) {
            if (link.app != from) continue;
            link.app = to;
            return write_link_detail(service, link);
        }
    } catch (const Error& error) {
        host::warn(error.what());
    }
}

void warn_of_rest(const Service& service, const std::string& app, const Error& error) {
    host::warn("app " + app + " may still stand in the records of Postgres service " +
               service.name + ": " + error.what());
}

void drop_detail(const Service& service, const std::string& app) {
    try {
        remove_link_detail(service, app);
    } catch (const Error& error) {
        warn_of_rest(service, app, error);
    }
}

}  // namespace

void copy_links(const Site& site, const std::string& from, const std::string& to) {
    const auto services = services_of(site, from);
    if (services.empty()) return;
    for (const auto& service : services) {
        const Lock service_lock(site, Lock::Of::service, service.name);
        const Lock app_lock(site, Lock::Of::app, to);
        copy_detail(service, from, to);
        add_to_links(service, to);
    }
    try {
        refresh(site, to);
    } catch (const Error& error) {
        host::warn("the links of app " + to + " are not put right: " + error.what());
    }
}

void drop_links(const Site& site, const std::string& app) {
    for (const auto& service : services_of(site, app)) {
        host::verbose("Unlinking from " + service.name);
        try {
            const Lock service_lock(site, Lock::Of::service, service.name);
            // LINKS last: by it a run after one that was killed finds the rest
            drop_detail(service, app);
            remove_from_links(service, app);
        } catch (const Error& error) {
            warn_of_rest(service, app, error);
        }
    }
}

}  // namespace service
