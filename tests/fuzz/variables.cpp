// The variables of an app: a link's URLs are found whatever the password is, and put right at once.
#include "service/variables.h"

#include "fakes/world.h"
#include "fuzz.h"
#include "service/record.h"

namespace {

// As the official plugin writes it: nothing is encoded.
void find_official(const service::Service& service, const std::string& password) {
    const std::string url =
        "postgres://postgres:" + password + "@" + service.host() + ":5432/" + service.name;
    const auto found = service::url_to(service, url);
    fuzz::hold(found.has_value(), "a URL of the official plugin is found");
    fuzz::hold(found->host == service.host() && found->database == service.name &&
                   found->user == "postgres",
               "a URL of the official plugin is that of the service");
}

}  // namespace

// PASSWORD, then lines NAME=VALUE of the app's config.
void attack(std::string_view bytes) {
    static fakes::World world;
    static const auto service = world.add_service("svc");
    auto lines = fuzz::parts(bytes, '\n');
    const std::string password = lines.front();
    if (password.empty()) return;
    // a host that the password itself names is the app's business
    if (password.find(service.host()) == std::string::npos) find_official(service, password);

    service::write_password(service, password);
    host::Config config;
    for (const auto& line : lines) {
        const auto end = line.find('=');
        if (end != std::string::npos) config[line.substr(0, end)] = line.substr(end + 1);
    }
    const std::string refused = fuzz::refusal([&] { service::password(service); });
    if (!refused.empty()) return;
    const service::Link link{.app = "app", .variables = service::discover(service, config)};
    auto mended = config;
    for (const auto& [name, value] : service::differing(service, link, config))
        mended[name] = value;
    fuzz::hold(service::differing(service, link, mended).empty(), "one repair is enough");
    const auto again = service::discover(service, mended);
    fuzz::hold(again.size() >= link.variables.size(), "what was put right is found again");
}
