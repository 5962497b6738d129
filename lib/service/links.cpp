// The records of links: LINKS and links.yml.

#include "service/links.h"

#include <fcntl.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <string_view>

#include "error/error.h"
#include "host/dokku.h"
#include "host/folder.h"
#include "state/files.h"
#include "state/yaml.h"

namespace service {

namespace {

void write_links(const Service& service, std::vector<std::string> apps) {
    std::sort(apps.begin(), apps.end());
    std::string text;
    for (const auto& app : apps) text += app + "\n";
    state::write_file(service.file("LINKS"), text, state::plain);
}

Link link_of(const state::Yaml& yaml) {
    Link link{.app = yaml["app"].text, .variables = {}};
    for (const auto& variable : yaml["variables"].items) {
        link.variables.push_back({.name = variable["name"].text,
                                  .scheme = variable["scheme"].text,
                                  .querystring = variable["querystring"].text});
    }
    return link;
}

state::Yaml to_yaml(const Link& link) {
    state::Yaml variables;
    for (const auto& variable : link.variables) {
        variables.items.push_back({.entries = {{"name", {.text = variable.name}},
                                               {"scheme", {.text = variable.scheme}},
                                               {"querystring", {.text = variable.querystring}}}});
    }
    return {.entries = {{"app", {.text = link.app}}, {"variables", variables}}};
}

void write_details(const Service& service, std::vector<Link> links) {
    std::sort(links.begin(), links.end(),
              [](const Link& left, const Link& right) { return left.app < right.app; });
    state::Yaml list;
    for (const auto& link : links) list.items.push_back(to_yaml(link));
    state::write_file(service.file("links.yml"),
                      to_string(state::Yaml{.entries = {{"links", list}}}), state::secret);
}

// Whether a folder's LINKS may name the app; true also if it cannot be read here, because
// is_linked() then decides.
bool may_be_linked(int folder, std::string name, const std::string& app) {
    name += "/LINKS";
    const int file = ::openat(folder, name.c_str(), O_RDONLY | O_NOFOLLOW | O_NONBLOCK | O_CLOEXEC);
    if (file < 0) return errno != ENOENT && errno != ENOTDIR;
    char buffer[4096];
    const ssize_t got = ::read(file, buffer, sizeof buffer);
    ::close(file);
    if (got <= 0 || got == sizeof buffer) return got != 0;
    return std::string_view(buffer, static_cast<std::size_t>(got)).find(app) !=
           std::string_view::npos;
}

// Three system calls per service: every hook of every deploy checks all services of the host,
// possibly a thousand.
std::vector<std::string> possible_services_of(const Context& context, const std::string& app) {
    std::vector<std::string> names;
    host::Folder folder(context.environment.services);
    while (const char* name = folder.next()) {
        if (may_be_linked(folder.descriptor(), name, app)) names.emplace_back(name);
    }
    std::sort(names.begin(), names.end());
    return names;
}

}  // namespace

std::vector<std::string> linked_apps(const Service& service) {
    auto apps = state::read_lines(service.file("LINKS"));
    std::erase_if(apps, [](const std::string& app) { return !host::is_app_name(app); });
    std::sort(apps.begin(), apps.end());
    apps.erase(std::unique(apps.begin(), apps.end()), apps.end());
    return apps;
}

std::vector<std::string> visible_linked_apps(const Service& service) {
    return service.dokku().visible_apps(linked_apps(service));
}

bool is_linked(const Service& service, const std::string& app) {
    const auto apps = state::read_lines(service.file("LINKS"));
    return std::find(apps.begin(), apps.end(), app) != apps.end();
}

std::vector<Link> link_details(const Service& service) {
    std::vector<Link> links;
    const auto path = service.file("links.yml");
    const auto text = state::read_trimmed(path);
    if (!text) return links;
    const state::Yaml yaml = state::parse_yaml(*text, path.string());
    for (const auto& item : yaml["links"].items) {
        if (auto link = link_of(item); !link.app.empty()) links.push_back(std::move(link));
    }
    return links;
}

bool has_link_detail(const Service& service, const std::string& app) {
    const auto links = link_details(service);
    return std::any_of(links.begin(), links.end(),
                       [&](const Link& link) { return link.app == app; });
}

Link link_detail(const Service& service, const std::string& app) {
    for (auto& link : link_details(service)) {
        if (link.app == app) return std::move(link);
    }
    return {.app = app, .variables = {}};
}

void write_link_detail(const Service& service, const Link& link) {
    auto links = link_details(service);
    std::erase_if(links, [&](const Link& other) { return other.app == link.app; });
    links.push_back(link);
    write_details(service, std::move(links));
}

void remove_link_detail(const Service& service, const std::string& app) {
    auto links = link_details(service);
    if (std::erase_if(links, [&](const Link& link) { return link.app == app; }) != 0) {
        write_details(service, std::move(links));
    }
}

void add_to_links(const Service& service, const std::string& app) {
    auto apps = state::read_lines(service.file("LINKS"));
    if (std::find(apps.begin(), apps.end(), app) != apps.end()) return;
    apps.push_back(app);
    write_links(service, std::move(apps));
}

void remove_from_links(const Service& service, const std::string& app) {
    auto apps = state::read_lines(service.file("LINKS"));
    if (std::erase(apps, app) != 0) write_links(service, std::move(apps));
}

std::vector<Service> services_of(const Context& context, const std::string& app) {
    std::vector<Service> services;
    for (const auto& name : possible_services_of(context, app)) {
        if (!exists(context, name)) continue;
        auto service = at(context, name);
        if (is_linked(service, app)) services.push_back(std::move(service));
    }
    return services;
}

}  // namespace service
