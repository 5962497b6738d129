// links.yml and LINKS: what one change writes is read back, and nothing else is touched.
#include "service/links.h"

#include <algorithm>

#include "fakes/world.h"
#include "fuzz.h"
#include "host/dokku.h"
#include "state/files.h"

namespace {

void change_details(const service::Service& service) {
    const auto before = service::link_details(service);
    const service::Link ours{.app = "an-app",
                             .variables = {{.name = "A_URL", .scheme = "", .querystring = "a=b"}}};
    service::write_link_detail(service, ours);
    fuzz::hold(service::link_detail(service, "an-app") == ours, "a detail is kept");
    service::remove_link_detail(service, "an-app");
    auto wanted = before;
    std::erase_if(wanted, [](const service::Link& link) { return link.app == "an-app"; });
    auto found = service::link_details(service);
    const auto by_app = [](const service::Link& left, const service::Link& right) {
        return left.app < right.app;
    };
    std::stable_sort(wanted.begin(), wanted.end(), by_app);
    std::stable_sort(found.begin(), found.end(), by_app);
    fuzz::hold(found == wanted, "details of other apps stay");
}

void change_links(const service::Service& service) {
    const auto before = service::linked_apps(service);
    fuzz::hold(std::is_sorted(before.begin(), before.end()), "apps are sorted");
    service::add_to_links(service, "an-app");
    fuzz::hold(service::is_linked(service, "an-app"), "an app is added");
    service::remove_from_links(service, "an-app");
    fuzz::hold(!service::is_linked(service, "an-app"), "an app is removed");
    auto wanted = before;
    std::erase(wanted, "an-app");
    fuzz::hold(service::linked_apps(service) == wanted, "other apps stay");
}

}  // namespace

// links.yml, a NUL, LINKS.
void attack(std::string_view bytes) {
    static fakes::World world;
    static const auto service = world.add_service("svc");
    const auto files = fuzz::parts(bytes, '\0');
    fakes::World::write(service.file("links.yml"), files.front());
    fakes::World::write(service.file("LINKS"), files.back());
    fuzz::refusal([&] { service::link_details(service); });
    for (const auto& app : service::linked_apps(service))
        fuzz::hold(host::is_app_name(app), "an app has a name");
    if (!fuzz::is_one_in(16, bytes)) return;
    fuzz::refusal([&] { change_details(service); });
    change_links(service);
    fuzz::hold(service::services_of(world.context, "an-app").empty(),
               "no service of an unlinked app");
}
