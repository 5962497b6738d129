// Removing a service.

#include "service/destroy.h"

#include <filesystem>

#include "error/error.h"
#include "host/log.h"
#include "service/container.h"
#include "service/cron.h"
#include "service/links.h"
#include "service/lock.h"
#include "service/record.h"
#include "service/remains.h"

namespace service {

namespace {

// From here on there is no way back: whoever meets the service sees that it is half gone. Returns
// its image.
std::string mark(const Site& site, const Service& service) {
    auto record = read_record(site, service);
    if (record.image.empty()) {
        if (const auto container = container_of(site, service))
            set_reference(record, container->image);
    }
    record.state = State::failed;
    write_record(site, service, record);
    return record.reference();
}

// The official plugin's schedule is a file of root's, which we may not remove.
void warn_of_schedule(const Site& site, const Service& service) {
    const auto file = cron_file(site, service);
    std::error_code ignored;
    if (std::filesystem::exists(file, ignored) && !std::filesystem::remove(file, ignored)) {
        host::warn("the official plugin's backup schedule is left: remove " + file.string() +
                   " as root");
    }
}

}  // namespace

void check_unlinked(const Site& site, const Service& service) {
    auto apps = linked_apps(service);
    std::erase_if(apps, [&](const std::string& app) { return !site.dokku.app_exists(app); });
    if (apps.empty()) return;
    std::string names;
    for (const auto& app : site.dokku.visible_apps(apps))
        names += (names.empty() ? "" : ", ") + app;
    throw Error{"Cannot delete linked service",
                names.empty() ? "An app of somebody else is linked to it."
                              : "Linked: " + names + ". Unlink each: dokku postgres:unlink " +
                                    service.name + " APP",
                Exit::refused};
}

namespace {

// Under the locks.
void destroy_alone(const Site& site, const Service& service) {
    const Lock server_lock(site, Lock::Of::server, service.name);
    const Lock lock(site, Lock::Of::service, service.name);
    check_exists(service);
    check_unlinked(site, service);
    check_folder_is_own(service);
    host::info2("Deleting " + service.name);
    const auto image = mark(site, service);
    host::verbose("Removing container");
    remove_containers(site, service);
    host::verbose("Removing data");
    site.dokku.destroy_properties(service.name);
    remove_folder(site, service, image);
    forget_lock(site, Lock::Of::service, service.name);
    forget_lock(site, Lock::Of::server, service.name);
    tidy(site);
    warn_of_schedule(site, service);
}

}  // namespace

void destroy(const Site& site, const Service& service) {
    // Refused before anybody is told.
    check_unlinked(site, service);
    check_folder_is_own(service);
    {
        // Apps can be linked while an import is at work: its end is waited for here.
        const Lock server_lock(site, Lock::Of::server, service.name);
        check_exists(service);
        check_unlinked(site, service);
    }
    // Without a lock, for a plugin that hears of it may call us back.
    site.dokku.trigger("service-action", {"pre-delete", "postgres", service.name});
    destroy_alone(site, service);
    site.dokku.trigger("service-action", {"post-delete", "postgres", service.name});
}

}  // namespace service
