// The linked apps of a service and their variables. LINKS decides which apps are linked, links.yml
// has the details.
#pragma once

#include <algorithm>
#include <string>
#include <vector>

#include "service/service.h"

namespace service {

/// One variable of an app that holds a URL of the service.
struct Variable {
    std::string name;         // REPORTING_DATABASE_URL
    std::string scheme;       // empty: the app's POSTGRES_DATABASE_SCHEME, else postgres
    std::string querystring;  // without the question mark
    bool operator==(const Variable&) const = default;
};

/// The link of one app. Without variables it was made by the official plugin, and its detail is
/// still to be found in the app's config.
struct Link {
    std::string app;
    std::vector<Variable> variables;
    bool operator==(const Link&) const = default;
};

/// The variable of an app's first link.
inline constexpr const char* primary = "DATABASE_URL";
/// Whether it is DATABASE_URL.
inline bool is_primary(const Variable& variable) { return variable.name == primary; }
/// Whether DATABASE_URL is one of the link's variables.
inline bool has_primary(const Link& link) {
    return std::any_of(link.variables.begin(), link.variables.end(), is_primary);
}

/// The apps of LINKS, sorted, each once.
std::vector<std::string> linked_apps(const Service& service);
/// The apps of LINKS that the caller may see.
std::vector<std::string> visible_linked_apps(const Service& service);
/// Whether the app is in LINKS.
bool is_linked(const Service& service, const std::string& app);
/// The details in links.yml, whether or not the apps are in LINKS. Throws Error, which names the
/// file, if it cannot be parsed.
std::vector<Link> link_details(const Service& service);
/// Whether links.yml has an entry for the app, even one without variables.
bool has_link_detail(const Service& service, const std::string& app);
/// The detail of one app, without variables if there is none.
Link link_detail(const Service& service, const std::string& app);
/// Writes the detail of one app into links.yml (0600).
void write_link_detail(const Service& service, const Link& link);
/// Removes the detail of one app from links.yml.
void remove_link_detail(const Service& service, const std::string& app);
/// Adds the app to LINKS, or removes it. Compares whole lines and changes no other line.
void add_to_links(const Service& service, const std::string& app);
void remove_from_links(const Service& service, const std::string& app);
/// The services that the app is linked to, in C order. Reads one file per service, and asks neither
/// Docker nor Dokku.
std::vector<Service> services_of(const Context& context, const std::string& app);

}  // namespace service
