// Removes a link, or what is left of one.

#include "linking/unlink.h"

#include <algorithm>

#include "error/error.h"
#include "host/log.h"
#include "linking/adoption.h"
#include "linking/link.h"
#include "server/linked_apps.h"
#include "service/variables.h"
#include "state/lock.h"

namespace linking {

namespace {

bool has_record(const service::Service& service, const std::string& app) {
    return service::is_linked(service, app) ||
           !service::link_detail(service, app).variables.empty();
}

// False if the app exists only in our records. Throws Error for an app that the caller may not see.
bool verify(const service::Service& service, const std::string& app) {
    try {
        service.dokku().verify_app(app);
        return true;
    } catch (const Error& error) {
        if (error.code() != Exit::no_app || !has_record(service, app) ||
            service.dokku().app_exists(app)) {
            throw;
        }
        return false;
    }
}

// In the reverse order of link: if this is killed, the next run finds the rest by the detail.
void drop_records(const service::Service& service, const std::string& app) {
    service::remove_from_links(service, app);
    service::remove_link_detail(service, app);
}

std::vector<std::string> still_ours(const service::Service& service, const service::Link& link,
                                    const host::Config& config) {
    std::vector<std::string> names;
    for (const auto& variable : link.variables) {
        const auto found = config.find(variable.name);
        if (found == config.end()) continue;
        if (service::url_to(service, found->second)) {
            names.push_back(variable.name);
        } else {
            host::warn(variable.name + " of app " + link.app +
                       " does not point to Postgres service " + service.name + ": left as it is");
        }
    }
    return names;
}

void take_away(const service::Service& service, const std::string& app) {
    const auto config = service.dokku().config(app);
    const service::Link link = service::link_of(service, app, config);
    const auto old_links = server::apps_on_old_links(service);
    const bool old = std::find(old_links.begin(), old_links.end(), app) != old_links.end();
    if (old) {
        // the option first, because the detail marks it as removed; and the detail before the rest,
        // or a killed run would lose the names of the variables
        service.dokku().remove_docker_option(app, link_option(service));
        service::write_link_detail(service, link);
    }
    service::remove_from_links(service, app);
    const auto names = still_ours(service, link, config);
    if (!names.empty()) {
        host::info1("Unsetting config vars");
        for (const auto& name : names) host::verbose(name);
        service.dokku().unset_config(app, names);
    }
    service::remove_link_detail(service, app);
}

}  // namespace

void unlink(const service::Service& service, const std::string& app, bool restart) {
    const bool is_there = verify(service, app);
    if (!has_record(service, app)) {
        throw Error{"Not linked to app " + app};
    }
    service.dokku().trigger("service-action", {"pre-unlink", "postgres", service.name, app});
    {
        const state::Lock service_lock(service.environment(), state::Lock::Of::service,
                                       service.name);
        const state::Lock app_lock(service.environment(), state::Lock::Of::app, app);
        if (!has_record(service, app)) throw Error{"Not linked to app " + app};
        if (is_there) {
            take_away(service, app);
        } else {
            drop_records(service, app);
        }
    }
    tell(service.context(), "post-unlink", service, app);
    if (is_there)
        server::redeploy(service.context(), app, restart && !service.environment().no_restart);
    tell(service.context(), "post-unlink-complete", service, app);
}

}  // namespace linking
