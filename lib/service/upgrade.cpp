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

// The container stays as it is until it is started or made again (contract: the official `set`).
void change_networks(const Site& site, const Service& service, const Settings& settings) {
    const Lock lock(site, Lock::Of::service, service.name);
    check_finished(service);
    const Record before = read_record(site, service);
    Record after = before;
    apply(settings, after);
    auto former = joined(before);
    former.insert(before.former_networks.begin(), before.former_networks.end());
    const auto kept = joined(after);
    std::erase_if(former, [&](const std::string& name) { return kept.contains(name); });
    after.former_networks.assign(former.begin(), former.end());
    write_record(site, service, after);
}

// An image that was built on this host is in no registry.
void pull_newest(const Site& site, const std::string& reference) {
    try {
        site.engine.pull(reference);
    } catch (const Error& error) {
        if (!site.engine.image(reference)) throw;
        host::warn(std::string(error.what()) + ": the image on this host is taken");
    }
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
    if (says_nothing(settings) && !site.environment.disable_pull) pull_newest(site, reference);
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
