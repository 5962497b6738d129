// Taking a link away, whatever is left of it.

#include "service/unlink.h"

#include <algorithm>

#include "error/error.h"
#include "host/log.h"
#include "service/adoption.h"
#include "service/link.h"
#include "service/lock.h"
#include "service/refresh.h"
#include "service/variables.h"

namespace service {

namespace {

bool has_record(const Service& service, const std::string& app) {
    return is_linked(service, app) || !link_detail(service, app).variables.empty();
}

// False for an app that is gone from the host and stands in our records only; an app that the
// caller may not see stays an Error.
bool verify(const Site& site, const Service& service, const std::string& app) {
    try {
        site.dokku.verify_app(app);
        return true;
    } catch (const Error& error) {
        if (error.code() != Exit::no_app || !has_record(service, app) ||
            site.dokku.app_exists(app)) {
            throw;
        }
        return false;
    }
}

// The reverse order of link, so that a killed run leaves a detail by which the next finds the rest.
void drop_records(const Service& service, const std::string& app) {
    remove_from_links(service, app);
    remove_link_detail(service, app);
}

std::vector<std::string> still_ours(const Service& service, const Link& link,
                                    const host::Config& config) {
    std::vector<std::string> names;
    for (const auto& variable : link.variables) {
        const auto found = config.find(variable.name);
        if (found == config.end()) continue;
        if (url_to(service, found->second)) {
            names.push_back(variable.name);
        } else {
            host::warn(variable.name + " of app " + link.app +
                       " does not point to Postgres service " + service.name + ": left as it is");
        }
    }
    return names;
}

void take_away(const Site& site, const Service& service, const std::string& app) {
    const auto config = site.dokku.config(app);
    const Link link = link_of(service, app, config);
    const auto old_links = apps_on_old_links(service);
    const bool old = std::find(old_links.begin(), old_links.end(), app) != old_links.end();
    if (old) {
        // the option first, for the detail is the mark that it is gone; and a detail at all, or a
        // killed run would lose the names of the variables
        site.dokku.remove_docker_option(app, link_option(service));
        write_link_detail(service, link);
    }
    remove_from_links(service, app);
    const auto names = still_ours(service, link, config);
    if (!names.empty()) {
        host::info1("Unsetting config vars");
        for (const auto& name : names) host::verbose(name);
        site.dokku.unset_config(app, names);
    }
    remove_link_detail(service, app);
}

}  // namespace

void unlink(const Site& site, const Service& service, const std::string& app, bool restart) {
    const bool is_there = verify(site, service, app);
    if (!has_record(service, app)) {
        throw Error{"Not linked to app " + app};
    }
    site.dokku.trigger("service-action", {"pre-unlink", "postgres", service.name, app});
    {
        const Lock service_lock(site, Lock::Of::service, service.name);
        const Lock app_lock(site, Lock::Of::app, app);
        if (!has_record(service, app)) throw Error{"Not linked to app " + app};
        if (is_there) {
            take_away(site, service, app);
        } else {
            drop_records(service, app);
        }
    }
    tell(site, "post-unlink", service, app);
    if (is_there) redeploy(site, app, restart && !site.environment.no_restart);
    tell(site, "post-unlink-complete", service, app);
}

}  // namespace service
