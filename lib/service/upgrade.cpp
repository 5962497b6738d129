// Another image of the same major, new limits, new options: the container made again, links and
// data kept.
#include "service/upgrade.h"

#include <algorithm>
#include <set>

#include "error/error.h"
#include "host/log.h"
#include "service/container.h"
#include "service/links.h"
#include "service/lock.h"
#include "service/record.h"
#include "service/remake.h"

namespace service {

namespace {

bool says_nothing(const Settings& settings) {
    const std::optional<std::string>* said[] = {&settings.image,
                                                &settings.image_version,
                                                &settings.config_options,
                                                &settings.custom_env,
                                                &settings.memory,
                                                &settings.shm_size,
                                                &settings.initial_network,
                                                &settings.post_create_network,
                                                &settings.post_start_network};
    return std::none_of(std::begin(said), std::end(said),
                        [](const auto* one) { return one->has_value(); });
}

bool needs_container(const Settings& settings) {
    return settings.config_options || settings.custom_env || settings.memory || settings.shm_size;
}

// The networks that a record joins its container to beside the first one.
std::set<std::string> joined(const Record& record) {
    std::set<std::string> names(record.post_create_network.begin(),
                                record.post_create_network.end());
    names.insert(record.post_start_network.begin(), record.post_start_network.end());
    return names;
}

// Whether there was something to do.
bool move_once(const Site& site, const Service& service, const engine::Container& container,
               const Record& before, const Record& after) {
    bool moved = false;
    const auto wanted = joined(after);
    for (const auto& name : wanted) {
        if (container.on(name) != nullptr) continue;
        site.engine.connect(name, container.id, {service.host()});
        moved = true;
    }
    for (const auto& name : joined(before)) {
        const bool stays =
            wanted.contains(name) || name == network || container.network_mode == name;
        if (stays || container.on(name) == nullptr) continue;
        site.engine.disconnect(name, container.id);
        moved = true;
    }
    return moved;
}

// Before the record is written: only the old one tells a second run which networks are to be left.
// A container that the engine starts again meanwhile comes back on the networks that it had.
void move_container(const Site& site, const Service& service, const Record& before,
                    const Record& after) {
    constexpr int attempts = 5;
    for (int attempt = 0; attempt < attempts; ++attempt) {
        const auto container = container_of(site, service);
        if (!container || !move_once(site, service, *container, before, after)) return;
    }
    throw Error{
        "the networks of container '" + service.container() + "' do not stay as they are set",
        "Run the command again."};
}

void change_networks(const Site& site, const Service& service, const Settings& settings) {
    const Lock lock(site, Lock::Of::service, service.name);
    check_finished(service);
    const Record before = read_record(site, service);
    Record after = before;
    apply(settings, after);
    move_container(site, service, before, after);
    write_record(site, service, after);
    if (after.initial_network != before.initial_network)
        host::verbose(
            "The initial network takes effect when the container is made again: dokku "
            "postgres:upgrade " +
            service.name);
}

void deploy_apps(const Site& site, const Service& service) {
    for (const auto& app : visible_linked_apps(site, service)) {
        if (site.dokku.app_exists(app) && site.dokku.deployed(app)) site.dokku.deploy(app);
    }
}

}  // namespace

Upgrade upgrade(const Site& site, const Service& service, const Settings& settings,
                bool restart_apps, std::chrono::seconds patience) {
    check(settings);
    check_visible_image(site, settings);
    check_networks(site, settings);
    Record record = read_record(site, service);
    const auto container = container_of(site, service);
    if (record.image.empty() && container) set_reference(record, container->image);
    const Record present = record;
    apply(settings, record);
    const std::string reference = record.reference();
    // The newest minor version hides behind the tag that the service has already.
    if (says_nothing(settings) && !site.environment.disable_pull) site.engine.pull(reference);
    const auto image = image_of(site, reference);
    const bool interrupted = present.state == State::remaking;
    if (says_nothing(settings) && !interrupted && container && container->image_id == image.id)
        return {reference, false};
    remake(
        site, service,
        [&](Record& changed) {
            if (changed.image.empty()) {
                changed.image = present.image;
                changed.image_version = present.image_version;
            }
            apply(settings, changed);
        },
        patience, restart_apps ? Apps::are_deployed : Apps::keep_running);
    if (settings.post_create_network || settings.post_start_network)
        change_networks(site, service, settings);
    if (restart_apps) deploy_apps(site, service);
    return {reference, true};
}

void set(const Site& site, const Service& service, const Settings& settings,
         std::chrono::seconds patience) {
    check(settings);
    check_networks(site, settings);
    if (!needs_container(settings)) return change_networks(site, service, settings);
    remake(
        site, service, [&](Record& record) { apply(settings, record); }, patience);
}

}  // namespace service
