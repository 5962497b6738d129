// From the official plugin's links to ours: containers join the network live, options go.

#include "service/adoption.h"

#include <algorithm>

#include "error/error.h"
#include "host/log.h"
#include "service/lock.h"
#include "service/network.h"
#include "service/refresh.h"
#include "service/variables.h"

namespace service {

namespace {

bool shares_a_network(const engine::Container& container) {
    const auto& mode = container.network_mode;
    return mode == "host" || mode == "none" || mode.starts_with("container:");
}

// An app in a line that its service's owner reads, who may not be allowed to see it.
std::string named(const Site& site, const std::string& app) {
    return site.dokku.visible_apps({app}).empty() ? "an app of somebody else" : "app " + app;
}

void connect(const Site& site, const std::string& app, const std::string& container) {
    try {
        site.engine.connect(std::string(network), container, {});
    } catch (const Error&) {
        const auto found = site.engine.find(container);
        if (!found || !shares_a_network(*found)) throw;
        host::warn("a container of " + named(site, app) + " is on network '" + found->network_mode +
                   "' and cannot join ours: it does not reach its databases by name");
    }
}

}  // namespace

std::string link_option(const Service& service) {
    return "--link " + service.container() + ":" + service.host();
}

void join_new_container(const Site& site, const std::string& app, const std::string& container) {
    // A container that does not run yet may join a network that is not there, and fails at its
    // start.
    ensure_network(site);
    connect(site, app, container);
}

std::vector<std::string> running_containers(const Site& site, const std::string& app) {
    return site.engine.ids({"com.dokku.app-name=" + app});
}

void join_containers(const Site& site, const std::string& app,
                     const std::vector<engine::Container>& containers) {
    for (const auto& container : containers) {
        if (container.on(std::string(network)) != nullptr) continue;
        try {
            connect(site, app, container.id);
        } catch (const Error& error) {
            host::warn("a container of " + named(site, app) +
                       " did not join the service network: " + error.what());
        }
    }
}

void join_linked_apps(const Site& site, const Service& service) {
    for (const auto& app : linked_apps(service)) {
        const auto ids = running_containers(site, app);
        if (!ids.empty()) join_containers(site, app, site.engine.find_all(ids));
    }
}

std::vector<std::string> apps_on_old_links(const Service& service) {
    auto apps = linked_apps(service);
    for (const auto& link : link_details(service)) std::erase(apps, link.app);
    return apps;
}

void follow_new_container(const Site& site, const Service& service, bool deploy,
                          const std::string& except) {
    join_linked_apps(site, service);
    for (const auto& app : apps_on_old_links(service)) {
        if (app == except) continue;
        if (!deploy) {
            if (site.dokku.visible_apps({app}).empty()) continue;
            host::warn("app " + app + " may still hold the old address of Postgres service " +
                       service.name + ": run 'dokku ps:restart " + app + "'");
            continue;
        }
        try {
            redeploy(site, app, true);
        } catch (const Error& error) {
            host::warn(error.what());
        }
    }
}

void take_over(const Site& site, const Service& service, const std::string& app) {
    // The mark of a link that is ours, even one without variables.
    if (has_link_detail(service, app)) return;
    const Lock service_lock(site, Lock::Of::service, service.name);
    const Lock app_lock(site, Lock::Of::app, app);
    if (!is_linked(service, app) || has_link_detail(service, app)) return;
    site.dokku.remove_docker_option(app, link_option(service));
    write_link_detail(service,
                      {.app = app, .variables = discover(service, site.dokku.config(app))});
}

}  // namespace service
