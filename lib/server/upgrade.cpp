// Another image of the same major, new limits, new options: the container made again, links and
// data kept.
#include "server/upgrade.h"

#include <algorithm>
#include <set>

#include "error/error.h"
#include "host/log.h"
#include "server/container.h"
#include "server/recreate.h"
#include "server/settle.h"
#include "service/links.h"
#include "service/record.h"
#include "service/unfinished.h"
#include "state/lock.h"

namespace server {

namespace {

bool needs_container(const service::Settings& settings) {
    return std::any_of(std::begin(service::setting_rows), std::end(service::setting_rows),
                       [&](const service::SettingRow& row) {
                           return row.networks == nullptr && settings[row.setting];
                       });
}

// The networks that a record joins its container to beside the first one.
std::set<std::string> joined(const service::Record& record) {
    std::set<std::string> names(record.post_create_network.begin(),
                                record.post_create_network.end());
    names.insert(record.post_start_network.begin(), record.post_start_network.end());
    return names;
}

// The container stays as it is until it is started or made again (as with the official `set`).
void change_networks(const service::Service& service, const service::Settings& settings) {
    const state::Lock lock(service.environment(), state::Lock::Of::service, service.name);
    service::check_finished(service);
    settle_or_refuse(service);
    const service::Record before = service::read_record(service);
    service::Record after = before;
    service::apply(settings, after);
    auto former = joined(before);
    former.insert(before.former_networks.begin(), before.former_networks.end());
    const auto kept = joined(after);
    std::erase_if(former, [&](const std::string& name) { return kept.contains(name); });
    after.former_networks.assign(former.begin(), former.end());
    service::write_record(service, after);
}

// An image that was built on this host is in no registry.
void pull_newest(const service::Context& context, const std::string& reference) {
    try {
        context.engine.pull(reference);
    } catch (const Error& error) {
        if (!context.engine.image(reference)) throw;
        host::warn(std::string(error.what()) + ": the image on this host is taken");
    }
}

void deploy_apps(const service::Service& service) {
    for (const auto& app : service::visible_linked_apps(service)) {
        if (service.dokku().app_exists(app) && service.dokku().deployed(app))
            service.dokku().deploy(app);
    }
}

}  // namespace

Upgrade upgrade(const service::Service& service, const service::Settings& settings,
                bool restart_apps, std::chrono::seconds patience) {
    service::check(settings);
    service::check_visible_image(service.context(), settings);
    service::check_networks(service.context(), settings);
    service::Record record = service::read_record(service);
    const auto container = container_of(service);
    if (record.image.empty() && container) service::set_reference(record, container->image);
    const service::Record present = record;
    service::apply(settings, record);
    const std::string reference = record.reference();
    // The newest minor version hides behind the tag that the service has already.
    if (settings.empty() && !service.environment().disable_pull)
        pull_newest(service.context(), reference);
    const auto image = image_of(service.context(), reference);
    const auto left = service::unfinished(service);
    const bool interrupted = left && changes_container(*left);
    if (settings.empty() && !interrupted && container && container->image_id == image.id)
        return {reference, false};
    const auto change = [&](service::Record& changed) {
        if (changed.image.empty()) {
            changed.image = present.image;
            changed.image_version = present.image_version;
        }
        service::apply(settings, changed);
    };
    recreate(service,
             {.command = "upgrade",
              .arguments = {reference},
              .apply = change,
              .apps = restart_apps ? Apps::are_deployed : Apps::keep_running},
             patience);
    if (restart_apps) deploy_apps(service);
    return {reference, true};
}

void set(const service::Service& service, const service::Settings& settings,
         std::chrono::seconds patience) {
    service::check(settings);
    service::check_networks(service.context(), settings);
    if (!needs_container(settings)) return change_networks(service, settings);
    recreate(service,
             {.command = "set",
              .apply = [&](service::Record& record) { service::apply(settings, record); }},
             patience);
}

}  // namespace server
