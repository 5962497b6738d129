// Makes a linked service the one in an app's DATABASE_URL.

#include "linking/promote.h"

#include <algorithm>
#include <optional>
#include <utility>

#include "error/error.h"
#include "host/log.h"
#include "linking/adoption.h"
#include "linking/link.h"
#include "server/linked_apps.h"
#include "service/variables.h"
#include "state/lock.h"

namespace linking {

namespace {

// The links of an app by service. Those of the official plugin are found in the app's config.
struct Links {
    std::vector<service::Service> services;
    std::vector<service::Link> links;

    std::vector<std::string> names() const {
        std::vector<std::string> all;
        for (const auto& link : links) {
            for (const auto& variable : link.variables) all.push_back(variable.name);
        }
        return all;
    }
};

Links links_of(const service::Context& context, const std::string& app,
               const host::Config& config) {
    Links all;
    for (auto& service : service::services_of(context, app)) {
        all.links.push_back(service::link_of(service, app, config));
        all.services.push_back(std::move(service));
    }
    return all;
}

// Writes a record. For a link of the official plugin the docker option must be removed first,
// because the record marks it as removed.
void write_record_of(const service::Service& service, const service::Link& link) {
    const auto old_links = server::apps_on_old_links(service);
    if (std::find(old_links.begin(), old_links.end(), link.app) != old_links.end()) {
        service.dokku().remove_docker_option(link.app, link_option(service));
    }
    service::write_link_detail(service, link);
}

// The variable that keeps the old value of DATABASE_URL; nothing if it is the service's own URL, or
// another variable has it too.
std::optional<std::string> variable_for_old_url(const service::Service& service, const Links& all,
                                                const host::Config& config) {
    const auto previous = config.find(service::primary);
    if (previous == config.end() || service::url_to(service, previous->second)) return {};
    auto taken = all.names();
    for (const auto& [name, value] : config) {
        if (name != service::primary && value == previous->second) return {};
        taken.push_back(name);
    }
    for (std::size_t i = 0; i < all.services.size(); ++i) {
        for (const auto& variable : all.links[i].variables) {
            if (variable.name != service::primary &&
                to_string(service::url_of(all.services[i], variable, config)) == previous->second) {
                return {};
            }
        }
    }
    return service::free_colour(taken);
}

// Renames DATABASE_URL in a link to the variable that keeps its URL.
void give_up_primary(service::Link& link, const std::optional<std::string>& kept_as) {
    const auto found =
        std::find_if(link.variables.begin(), link.variables.end(), service::is_primary);
    if (kept_as) {
        found->name = *kept_as;
    } else {
        link.variables.erase(found);
    }
}

service::Link with_primary(service::Link link) {
    service::Variable first = link.variables.front();
    first.name = service::primary;
    std::erase_if(link.variables, service::is_primary);
    link.variables.insert(link.variables.begin(), first);
    return link;
}

host::Config move(const service::Service& service, const std::string& app) {
    const auto config = service.dokku().config(app);
    Links all = links_of(service.context(), app, config);
    const auto kept_as = variable_for_old_url(service, all, config);
    host::Config changes;
    if (kept_as) changes[*kept_as] = config.at(service::primary);
    service::Link promoted;
    // The other services' records are written first: if this is killed, no variable is in two
    // records.
    for (std::size_t i = 0; i < all.services.size(); ++i) {
        service::Link& link = all.links[i];
        if (all.services[i].name == service.name) {
            promoted = with_primary(link);
            continue;
        }
        if (service::has_primary(link)) {
            give_up_primary(link, kept_as);
            write_record_of(all.services[i], link);
        }
        for (auto& [name, url] : service::differing(all.services[i], link, config))
            changes[name] = url;
    }
    changes[service::primary] =
        to_string(service::url_of(service, promoted.variables.front(), config));
    service.dokku().set_config(app, changes);
    write_record_of(service, promoted);
    return changes;
}

// The URL of a service that the caller may not see is not shown.
std::string shown(const service::Context& context, const std::string& app,
                  const std::string& value) {
    const auto url = service::parse_url(value);
    const auto services = service::services_of(context, app);
    const bool hidden =
        std::any_of(services.begin(), services.end(), [&](const service::Service& service) {
            return service::url_to(service, value) && context.dokku.visible({service.name}).empty();
        });
    return url && !hidden ? service::masked(*url) : "********";
}

std::vector<std::string> names_of(const std::vector<service::Service>& services) {
    std::vector<std::string> names(services.size());
    std::transform(services.begin(), services.end(), names.begin(),
                   [](const service::Service& service) { return service.name; });
    return names;
}

void check(const service::Service& service, const std::string& app) {
    const auto config = service.dokku().config(app);
    const service::Link link =
        service::is_linked(service, app) ? service::link_of(service, app, config) : service::Link{};
    if (link.variables.empty()) throw Error{"Not linked to app " + app};
    if (service::has_primary(link) &&
        !service::differing(service, link, config).contains(service::primary)) {
        throw Error{"Service " + service.name + " already promoted as " + service::primary};
    }
}

// Promotes under the locks of all services of the app. Nothing if another service was linked before
// the locks were taken: its record must not be written without its lock.
std::optional<host::Config> promote_locked(const service::Service& service,
                                           const std::string& app) {
    const auto names = names_of(service::services_of(service.context(), app));
    std::vector<state::Lock> locks;
    locks.reserve(names.size());
    for (const auto& name : names)
        locks.emplace_back(service.environment(), state::Lock::Of::service, name);
    const state::Lock app_lock(service.environment(), state::Lock::Of::app, app);
    if (names_of(service::services_of(service.context(), app)) != names) return {};
    check(service, app);
    return move(service, app);
}

}  // namespace

void promote(const service::Service& service, const std::string& app, bool restart) {
    service.dokku().verify_app(app);
    std::optional<host::Config> changes;
    while (!changes) changes = promote_locked(service, app);
    host::info1("Setting config vars");
    for (const auto& [name, value] : *changes) {
        host::verbose(name + ":  " + shown(service.context(), app, value));
    }
    server::redeploy(service.context(), app, restart && !service.environment().no_restart);
}

}  // namespace linking
