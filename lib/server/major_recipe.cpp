// The commands that move a service's apps to a copy on another major.

#include "server/major_recipe.h"

#include <algorithm>

#include "service/variables.h"

namespace server {

namespace {

constexpr std::string_view suffix = "_URL";

std::string name_of_copy(const service::Service& service, int major) {
    constexpr std::size_t longest = 48;
    auto name = service.name + "-" + std::to_string(major);
    const bool is_free = name.size() <= longest && service.name.find('.') == std::string::npos &&
                         !service::exists(service.context(), name);
    return is_free ? name : "NEW";
}

std::string options_of(const service::Variable& variable) {
    std::string options;
    if (!variable.scheme.empty()) options += " --scheme " + variable.scheme;
    if (!variable.querystring.empty()) options += " --querystring '" + variable.querystring + "'";
    return options;
}

bool can_be_alias(const service::Variable& variable) {
    return !service::is_primary(variable) && variable.name.ends_with(suffix);
}

// Variables that no command can set for the copy: `link` sets one, whose name ends in _URL.
std::string lost_names(const service::Link& link, const service::Variable* kept) {
    std::string lines;
    for (const auto& variable : link.variables)
        if (!service::is_primary(variable) && &variable != kept)
            lines += "# " + variable.name + " of " + link.app +
                     " is removed with the link: set it again by hand\n";
    return lines;
}

// Two services cannot have the same alias, so the old link goes first.
std::string move_alias(const service::Service& service, const std::string& copy,
                       const service::Link& link, const service::Variable& kept) {
    const auto alias = kept.name.substr(0, kept.name.size() - suffix.size());
    const auto ending = " " + link.app + " --no-restart\n";
    auto lines = "dokku postgres:unlink " + service.name + ending;
    lines += "dokku postgres:link " + copy + " " + link.app + " --alias " + alias +
             options_of(kept) + " --no-restart\n";
    if (service::has_primary(link)) lines += "dokku postgres:promote " + copy + ending;
    return lines + lost_names(link, &kept);
}

// DATABASE_URL is never missing: `promote` moves it to the copy.
std::string move_primary(const service::Service& service, const std::string& copy,
                         const service::Link& link) {
    const auto primary =
        std::find_if(link.variables.begin(), link.variables.end(), service::is_primary);
    const auto options = primary == link.variables.end() ? "" : options_of(*primary);
    const auto ending = " " + link.app + " --no-restart\n";
    return "dokku postgres:link " + copy + " " + link.app + options + " --no-restart\n" +
           "dokku postgres:promote " + copy + ending + "dokku postgres:unlink " + service.name +
           ending + lost_names(link, nullptr);
}

std::string move_link(const service::Service& service, const std::string& copy,
                      const service::Link& link) {
    const auto alias = std::find_if(link.variables.begin(), link.variables.end(), can_be_alias);
    return alias == link.variables.end() ? move_primary(service, copy, link)
                                         : move_alias(service, copy, link, *alias);
}

}  // namespace

std::string recipe_for_major(const service::Service& service, const service::Record& wanted,
                             int major) {
    const auto copy = name_of_copy(service, major);
    std::string stop;
    std::string move;
    std::string start;
    for (const auto& app : service::visible_linked_apps(service)) {
        if (!service.dokku().app_exists(app)) continue;
        if (service.dokku().deployed(app)) {
            stop += "dokku ps:stop " + app + "\n";
            start += "dokku ps:start " + app + "\n";
        }
        move +=
            move_link(service, copy, service::link_of(service, app, service.dokku().config(app)));
    }
    auto clone = "dokku postgres:clone " + service.name + " " + copy;
    if (wanted.image != service::read_record(service).image) clone += " --image " + wanted.image;
    if (!wanted.image_version.empty()) clone += " --image-version " + wanted.image_version;
    auto lines = stop + clone + "\n" + move + start;
    lines.pop_back();
    return lines;
}

}  // namespace server
