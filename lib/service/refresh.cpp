// The one function that compares an app's config with the records of its links and repairs it.

#include "service/refresh.h"

#include <set>

#include "host/log.h"
#include "service/lock.h"
#include "service/variables.h"

namespace service {

namespace {

struct Repair {
    host::Config wanted;
    std::vector<std::string> lines;
};

Repair repair_of(const Site& site, const std::string& app) {
    Repair repair;
    const auto services = services_of(site, app);
    if (services.empty()) return repair;
    const auto config = site.dokku.config(app);
    std::set<std::string> claimed;
    for (const auto& service : services) {
        Link link = link_of(service, app, config);
        // of two records that claim one variable the first in C order has it, every time
        std::erase_if(link.variables, [&](const Variable& variable) {
            return !claimed.insert(variable.name).second;
        });
        for (auto& [name, url] : differing(service, link, config)) {
            repair.wanted.emplace(name, url);
            repair.lines.push_back(name + " of app " + app +
                                   " was not the URL of Postgres service " + service.name +
                                   ": put right");
        }
    }
    return repair;
}

}  // namespace

std::vector<std::string> refresh(const Site& site, const std::string& app) {
    if (repair_of(site, app).wanted.empty()) return {};
    const Lock lock(site, Lock::Of::app, app);
    // again, because a link may have been on its way
    const Repair repair = repair_of(site, app);
    std::vector<std::string> names;
    if (repair.wanted.empty()) return names;
    site.dokku.set_config(app, repair.wanted);
    for (const auto& line : repair.lines) host::warn(line);
    for (const auto& [name, url] : repair.wanted) names.push_back(name);
    return names;
}

bool redeploy(const Site& site, const std::string& app, bool restart) {
    if (!restart) {
        host::verbose("Skipping restart of linked app");
        return false;
    }
    if (!site.dokku.deployed(app) || !site.dokku.restores(app)) return false;
    if (!site.dokku.visible_apps({app}).empty()) host::info1("Restarting app " + app);
    site.dokku.deploy(app);
    return true;
}

}  // namespace service
