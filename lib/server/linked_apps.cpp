// The containers of linked apps: on our network, and deployed once where they must be.

#include "server/linked_apps.h"

#include "error/error.h"
#include "host/log.h"
#include "server/network.h"
#include "service/links.h"

namespace server {

namespace {

bool shares_a_network(const engine::Container& container) {
    const auto& mode = container.network_mode;
    return mode == "host" || mode == "none" || mode.starts_with("container:");
}

// An app in a line that its service's owner reads, who may not be allowed to see it.
std::string named(const service::Context& context, const std::string& app) {
    return context.dokku.visible_apps({app}).empty() ? "an app of somebody else" : "app " + app;
}

void connect(const service::Context& context, const std::string& app,
             const std::string& container) {
    try {
        context.engine.connect(std::string(service::network), container, {});
    } catch (const Error&) {
        const auto found = context.engine.find(container);
        if (!found || !shares_a_network(*found)) throw;
        host::warn("a container of " + named(context, app) + " is on network '" +
                   found->network_mode +
                   "' and cannot join ours: it does not reach its databases by name");
    }
}

}  // namespace

void join_new_container(const service::Context& context, const std::string& app,
                        const std::string& container) {
    // A container that does not run yet may join a network that is not there, and fails at its
    // start.
    ensure_network(context);
    connect(context, app, container);
}

std::vector<std::string> running_containers(const service::Context& context,
                                            const std::string& app) {
    return context.engine.ids({"com.dokku.app-name=" + app});
}

void join_containers(const service::Context& context, const std::string& app,
                     const std::vector<engine::Container>& containers) {
    for (const auto& container : containers) {
        if (container.on(std::string(service::network)) != nullptr) continue;
        try {
            connect(context, app, container.id);
        } catch (const Error& error) {
            host::warn("a container of " + named(context, app) +
                       " did not join the service network: " + error.what());
        }
    }
}

void join_linked_apps(const service::Service& service) {
    for (const auto& app : service::linked_apps(service)) {
        const auto ids = running_containers(service.context(), app);
        if (!ids.empty()) join_containers(service.context(), app, service.engine().find_all(ids));
    }
}

std::vector<std::string> apps_on_old_links(const service::Service& service) {
    auto apps = service::linked_apps(service);
    for (const auto& link : service::link_details(service)) std::erase(apps, link.app);
    return apps;
}

void follow_new_container(const service::Service& service, bool deploy, const std::string& except) {
    join_linked_apps(service);
    for (const auto& app : apps_on_old_links(service)) {
        if (app == except) continue;
        if (!deploy) {
            if (service.dokku().visible_apps({app}).empty()) continue;
            host::warn("app " + app + " may still hold the old address of Postgres service " +
                       service.name + ": run 'dokku ps:restart " + app + "'");
            continue;
        }
        try {
            redeploy(service.context(), app, true);
        } catch (const Error& error) {
            host::warn(error.what());
        }
    }
}

bool redeploy(const service::Context& context, const std::string& app, bool restart) {
    if (!restart) {
        host::verbose("Skipping restart of linked app");
        return false;
    }
    if (!context.dokku.deployed(app) || !context.dokku.restores(app)) return false;
    if (!context.dokku.visible_apps({app}).empty()) host::info1("Restarting app " + app);
    context.dokku.deploy(app);
    return true;
}

}  // namespace server
