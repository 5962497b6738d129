// The commands that move a service's apps to a copy on another major.

#include "service/recipe.h"

#include <algorithm>

#include "service/variables.h"

namespace service {

namespace {

constexpr std::string_view suffix = "_URL";

std::string name_of_copy(const Site& site, const Service& service, int major) {
    constexpr std::size_t longest = 48;
    auto name = service.name + "-" + std::to_string(major);
    const bool is_free = name.size() <= longest && service.name.find('.') == std::string::npos &&
                         !exists(site, name);
    return is_free ? name : "NEW";
}

std::string options_of(const Variable& variable) {
    std::string options;
    if (!variable.scheme.empty()) options += " --scheme " + variable.scheme;
    if (!variable.querystring.empty()) options += " --querystring '" + variable.querystring + "'";
    return options;
}

// One that is not called DATABASE_URL cannot be had by two services, so the old link goes first.
std::string other_names(const Service& service, const std::string& copy, const Link& link) {
    const auto& variable = link.variables.front();
    const auto alias = variable.name.substr(0, variable.name.size() - suffix.size());
    return "dokku postgres:unlink " + service.name + " " + link.app + " --no-restart\n" +
           "dokku postgres:link " + copy + " " + link.app + " --alias " + alias +
           options_of(variable) + " --no-restart\n";
}

std::string primary_name(const Service& service, const std::string& copy, const Link& link) {
    const auto variable = std::find_if(link.variables.begin(), link.variables.end(), is_primary);
    const auto options = variable == link.variables.end() ? "" : options_of(*variable);
    return "dokku postgres:link " + copy + " " + link.app + options + " --no-restart\n" +
           "dokku postgres:promote " + copy + " " + link.app + " --no-restart\n" +
           "dokku postgres:unlink " + service.name + " " + link.app + " --no-restart\n";
}

}  // namespace

std::string recipe_for_major(const Site& site, const Service& service, const Record& wanted,
                             int major) {
    const auto copy = name_of_copy(site, service, major);
    std::string stop;
    std::string move;
    std::string start;
    for (const auto& app : visible_linked_apps(site, service)) {
        if (!site.dokku.app_exists(app)) continue;
        if (site.dokku.deployed(app)) {
            stop += "dokku ps:stop " + app + "\n";
            start += "dokku ps:start " + app + "\n";
        }
        const auto link = link_of(service, app, site.dokku.config(app));
        move += (link.variables.empty() || has_primary(link)) ? primary_name(service, copy, link)
                                                              : other_names(service, copy, link);
    }
    auto clone = "dokku postgres:clone " + service.name + " " + copy;
    if (wanted.image != read_record(site, service).image) clone += " --image " + wanted.image;
    if (!wanted.image_version.empty()) clone += " --image-version " + wanted.image_version;
    auto lines = stop + clone + "\n" + move + start;
    lines.pop_back();
    return lines;
}

}  // namespace service
