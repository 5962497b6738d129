// Making a linked service the one behind an app's DATABASE_URL.

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

// The records of an app's links by service, found in its config where the official plugin made
// them.
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

// Writes a record; the option of an official link must go before the mark that it is gone.
void write_record_of(const service::Service& service, const service::Link& link) {
    const auto old_links = server::apps_on_old_links(service);
    if (std::find(old_links.begin(), old_links.end(), link.app) != old_links.end()) {
        service.dokku().remove_docker_option(link.app, link_option(service));
    }
    service::write_link_detail(service, link);
}

// The variable that is to keep what DATABASE_URL holds; nothing when that is the service's own
// already, or another variable has it too.
std::optional<std::string> keeper(const service::Service& service, const Links& all,
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

// Moves the claim on DATABASE_URL within a link to the name that keeps its URL.
void step_aside(service::Link& link, const std::optional<std::string>& kept_as) {
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
    const auto kept_as = keeper(service, all, config);
    host::Config changes;
    if (kept_as) changes[*kept_as] = config.at(service::primary);
    service::Link promoted;
    // Who steps aside writes first: two records never claim one variable, whenever we are killed.
    for (std::size_t i = 0; i < all.services.size(); ++i) {
        service::Link& link = all.links[i];
        if (all.services[i].name == service.name) {
            promoted = with_primary(link);
            continue;
        }
        if (service::has_primary(link)) {
            step_aside(link, kept_as);
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

// A service that the caller may not see keeps its name to itself.
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

// Under the locks of every service that is linked to the app; nothing when another one was linked
// until they were there: its record is not ours to write.
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
