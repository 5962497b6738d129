// Compares an app's config with the records of its links and corrects it. All commands and hooks
// use this function.

#include "linking/refresh.h"

#include <set>

#include "host/log.h"
#include "service/variables.h"
#include "state/lock.h"

namespace linking {

namespace {

struct Repair {
    host::Config wanted;
    std::vector<std::string> lines;
};

Repair repair_of(const service::Context& context, const std::string& app) {
    Repair repair;
    const auto services = service::services_of(context, app);
    if (services.empty()) return repair;
    const auto config = context.dokku.config(app);
    std::set<std::string> claimed;
    for (const auto& service : services) {
        service::Link link = service::link_of(service, app, config);
        // if two records have the same variable, the first in C order always wins
        std::erase_if(link.variables, [&](const service::Variable& variable) {
            return !claimed.insert(variable.name).second;
        });
        for (auto& [name, url] : service::differing(service, link, config)) {
            repair.wanted.emplace(name, url);
            repair.lines.push_back(name + " of app " + app +
                                   " was not the URL of Postgres service " + service.name +
                                   ": put right");
        }
    }
    return repair;
}

}  // namespace

std::vector<std::string> refresh(const service::Context& context, const std::string& app) {
    if (repair_of(context, app).wanted.empty()) return {};
    const state::Lock lock(context.environment, state::Lock::Of::app, app);
    // again, because a link may have changed meanwhile
    const Repair repair = repair_of(context, app);
    std::vector<std::string> names;
    if (repair.wanted.empty()) return names;
    context.dokku.set_config(app, repair.wanted);
    for (const auto& line : repair.lines) host::warn(line);
    for (const auto& [name, url] : repair.wanted) names.push_back(name);
    return names;
}

}  // namespace linking
