// Making a linked service the one behind an app's DATABASE_URL.

#include "service/promote.h"

#include <algorithm>
#include <optional>
#include <utility>

#include "error/error.h"
#include "host/log.h"
#include "service/adoption.h"
#include "service/link.h"
#include "service/lock.h"
#include "service/refresh.h"
#include "service/variables.h"

namespace service {

namespace {

// The records of an app's links by service, found in its config where the official plugin made
// them.
struct Links {
    std::vector<Service> services;
    std::vector<Link> links;

    std::vector<std::string> names() const {
        std::vector<std::string> all;
        for (const auto& link : links) {
            for (const auto& variable : link.variables) all.push_back(variable.name);
        }
        return all;
    }
};

Links links_of(const Site& site, const std::string& app, const host::Config& config) {
    Links all;
    for (auto& service : services_of(site, app)) {
        all.links.push_back(link_of(service, app, config));
        all.services.push_back(std::move(service));
    }
    return all;
}

// Writes a record; the option of an official link must go before the mark that it is gone.
void write_record_of(const Site& site, const Service& service, const Link& link) {
    const auto old_links = apps_on_old_links(service);
    if (std::find(old_links.begin(), old_links.end(), link.app) != old_links.end()) {
        site.dokku.remove_docker_option(link.app, link_option(service));
    }
    write_link_detail(service, link);
}

// The variable that is to keep what DATABASE_URL holds; nothing when that is the service's own
// already, or another variable has it too.
std::optional<std::string> keeper(const Service& service, const Links& all,
                                  const host::Config& config) {
    const auto previous = config.find(primary);
    if (previous == config.end() || url_to(service, previous->second)) return {};
    auto taken = all.names();
    for (const auto& [name, value] : config) {
        if (name != primary && value == previous->second) return {};
        taken.push_back(name);
    }
    for (std::size_t i = 0; i < all.services.size(); ++i) {
        for (const auto& variable : all.links[i].variables) {
            if (variable.name != primary &&
                to_string(url_of(all.services[i], variable, config)) == previous->second) {
                return {};
            }
        }
    }
    return free_colour(taken);
}

// Moves the claim on DATABASE_URL within a link to the name that keeps its URL.
void step_aside(Link& link, const std::optional<std::string>& kept_as) {
    const auto found = std::find_if(link.variables.begin(), link.variables.end(), is_primary);
    if (kept_as) {
        found->name = *kept_as;
    } else {
        link.variables.erase(found);
    }
}

Link with_primary(Link link) {
    Variable first = link.variables.front();
    first.name = primary;
    std::erase_if(link.variables, is_primary);
    link.variables.insert(link.variables.begin(), first);
    return link;
}

host::Config move(const Site& site, const Service& service, const std::string& app) {
    const auto config = site.dokku.config(app);
    Links all = links_of(site, app, config);
    const auto kept_as = keeper(service, all, config);
    host::Config changes;
    if (kept_as) changes[*kept_as] = config.at(primary);
    Link promoted;
    // Who steps aside writes first: two records never claim one variable, whenever we are killed.
    for (std::size_t i = 0; i < all.services.size(); ++i) {
        Link& link = all.links[i];
        if (all.services[i].name == service.name) {
            promoted = with_primary(link);
            continue;
        }
        if (has_primary(link)) {
            step_aside(link, kept_as);
            write_record_of(site, all.services[i], link);
        }
        for (auto& [name, url] : differing(all.services[i], link, config)) changes[name] = url;
    }
    changes[primary] = to_string(url_of(service, promoted.variables.front(), config));
    site.dokku.set_config(app, changes);
    write_record_of(site, service, promoted);
    return changes;
}

// A service that the caller may not see keeps its name to itself.
std::string shown(const Site& site, const std::string& app, const std::string& value) {
    const auto url = parse_url(value);
    const auto services = services_of(site, app);
    const bool hidden = std::any_of(services.begin(), services.end(), [&](const Service& service) {
        return url_to(service, value) && site.dokku.visible({service.name}).empty();
    });
    return url && !hidden ? masked(*url) : "********";
}

std::vector<std::string> names_of(const std::vector<Service>& services) {
    std::vector<std::string> names(services.size());
    std::transform(services.begin(), services.end(), names.begin(),
                   [](const Service& service) { return service.name; });
    return names;
}

void check(const Site& site, const Service& service, const std::string& app) {
    const auto config = site.dokku.config(app);
    const Link link = is_linked(service, app) ? link_of(service, app, config) : Link{};
    if (link.variables.empty()) throw Error{"Not linked to app " + app};
    if (has_primary(link) && !differing(service, link, config).contains(primary)) {
        throw Error{"Service " + service.name + " already promoted as " + primary};
    }
}

// Under the locks of every service that is linked to the app; nothing when another one was linked
// until they were there: its record is not ours to write.
std::optional<host::Config> promote_locked(const Site& site, const Service& service,
                                           const std::string& app) {
    const auto names = names_of(services_of(site, app));
    std::vector<Lock> locks;
    locks.reserve(names.size());
    for (const auto& name : names) locks.emplace_back(site, Lock::Of::service, name);
    const Lock app_lock(site, Lock::Of::app, app);
    if (names_of(services_of(site, app)) != names) return {};
    check(site, service, app);
    return move(site, service, app);
}

}  // namespace

void promote(const Site& site, const Service& service, const std::string& app, bool restart) {
    site.dokku.verify_app(app);
    std::optional<host::Config> changes;
    while (!changes) changes = promote_locked(site, service, app);
    host::info1("Setting config vars");
    for (const auto& [name, value] : *changes) {
        host::verbose(name + ":  " + shown(site, app, value));
    }
    redeploy(site, app, restart && !site.environment.no_restart);
}

}  // namespace service
