// Which apps are linked and by which variables: LINKS decides, links.yml adds the detail.
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

/// The link of one app. Without variables: the official plugin made it, and its detail is still to
/// be found in the app's config.
struct Link {
    std::string app;
    std::vector<Variable> variables;
    bool operator==(const Link&) const = default;
};

/// The variable that a first link has.
inline constexpr const char* primary = "DATABASE_URL";
inline bool is_primary(const Variable& variable) { return variable.name == primary; }
/// Whether one of the link's variables is that.
inline bool has_primary(const Link& link) {
    return std::any_of(link.variables.begin(), link.variables.end(), is_primary);
}

/// The apps of LINKS, sorted, each once.
std::vector<std::string> linked_apps(const Service& service);
/// Those of them that the caller may see.
std::vector<std::string> visible_linked_apps(const Service& service);
/// Whether the app stands in LINKS.
bool is_linked(const Service& service, const std::string& app);
/// The detail of links.yml for apps, whether or not they stand in LINKS. A links.yml that cannot be
/// parsed is an Error that names it.
std::vector<Link> link_details(const Service& service);
/// Whether links.yml has an entry for the app, even one without variables.
bool has_link_detail(const Service& service, const std::string& app);
/// The detail of one app; variables empty when there is none.
Link link_detail(const Service& service, const std::string& app);
/// Writes the detail of one app into links.yml (0600).
void write_link_detail(const Service& service, const Link& link);
void remove_link_detail(const Service& service, const std::string& app);
/// Adds the app to LINKS, or takes it out; whole lines compared, nothing else touched.
void add_to_links(const Service& service, const std::string& app);
void remove_from_links(const Service& service, const std::string& app);
/// Services in C order whose LINKS name the app; reads one file a service and asks nobody.
std::vector<Service> services_of(const Context& context, const std::string& app);

}  // namespace service
