// Turns a link of the official plugin into one of ours.

#include "linking/adoption.h"

#include "service/variables.h"
#include "state/lock.h"

namespace linking {

std::string link_option(const service::Service& service) {
    return "--link " + service.container() + ":" + service.host();
}

void take_over(const service::Service& service, const std::string& app) {
    // An entry in links.yml marks a link as ours, even one without variables.
    if (service::has_link_detail(service, app)) return;
    const state::Lock service_lock(service.environment(), state::Lock::Of::service, service.name);
    const state::Lock app_lock(service.environment(), state::Lock::Of::app, app);
    if (!service::is_linked(service, app) || service::has_link_detail(service, app)) return;
    service.dokku().remove_docker_option(app, link_option(service));
    service::write_link_detail(
        service,
        {.app = app, .variables = service::discover(service, service.dokku().config(app))});
}

}  // namespace linking
