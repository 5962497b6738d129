// Removing a service.

#include "server/destroy.h"

#include <filesystem>

#include "error/error.h"
#include "host/log.h"
#include "server/cleanup.h"
#include "server/container.h"
#include "server/operation.h"
#include "service/links.h"
#include "service/official_cron.h"
#include "service/record.h"
#include "service/unfinished.h"
#include "state/lock.h"

namespace server {

namespace {

// An adopted service may be known by its container alone.
std::string image_of_record(const service::Service& service) {
    auto record = service::read_record(service);
    if (record.image.empty()) {
        if (const auto container = container_of(service))
            service::set_reference(record, container->image);
    }
    return record.reference();
}

// The official plugin's schedule is a file of root's, which we may not remove.
void warn_of_schedule(const service::Service& service) {
    const auto file = service::cron_file(service);
    std::error_code ignored;
    if (std::filesystem::exists(file, ignored) && !std::filesystem::remove(file, ignored)) {
        host::warn("the official plugin's backup schedule is left: remove " + file.string() +
                   " as root");
    }
}

}  // namespace

void check_unlinked(const service::Service& service) {
    auto apps = service::linked_apps(service);
    std::erase_if(apps, [&](const std::string& app) { return !service.dokku().app_exists(app); });
    if (apps.empty()) return;
    std::string names;
    for (const auto& app : service.dokku().visible_apps(apps))
        names += (names.empty() ? "" : ", ") + app;
    throw Error{"Cannot delete linked service",
                names.empty() ? "An app of somebody else is linked to it."
                              : "Linked: " + names + ". Unlink each: dokku postgres:unlink " +
                                    service.name + " APP",
                Exit::refused};
}

namespace {

// From the first step on there is no way back.
std::vector<Step> plan(const service::Service& service, state::Journal& journal, bool is_again) {
    service::check_exists(service);
    check_unlinked(service);
    check_folder_is_own(service);
    host::info2("Deleting " + service.name);
    auto& image = journal.memory["image"];
    if (image.empty()) image = image_of_record(service);
    return {{"container",
             [&] {
                 host::verbose("Removing container");
                 remove_containers(service);
             }},
            {"data", [&service, image, is_again] {
                 // the helper of a killed run holds its name
                 if (is_again) remove_containers(service);
                 host::verbose("Removing data");
                 service.dokku().destroy_properties(service.name);
                 remove_folder(service, image);
                 tidy(service.context());
                 warn_of_schedule(service);
             }}};
}

}  // namespace

void destroy(const service::Service& service) {
    // Refused before anybody is told.
    check_unlinked(service);
    check_folder_is_own(service);
    {
        // Apps can be linked while an import is at work: its end is waited for here.
        const state::Lock server_lock(service.environment(), state::Lock::Of::server, service.name);
        service::check_exists(service);
        check_unlinked(service);
    }
    // Without a lock, for a plugin that hears of it may call us back.
    announce(service, "pre-delete");
    run(service,
        {.name = "destroy",
         .plan = [&](auto& journal,
                     const auto& left) { return plan(service, journal, left.has_value()); },
         .takes_over = [](const auto&) { return true; },
         .unfinished = service::unfinished_removal(service),
         .one_way = true,
         .told_after = "post-delete"});
}

}  // namespace server
