// The variables of an app that belong to a link, and their correct values.

#include "service/variables.h"

#include <algorithm>

#include "error/error.h"
#include "service/record.h"
#include "service/shell_words.h"
#include "state/files.h"

namespace service {

namespace {

constexpr const char* user = "postgres";

std::string default_scheme(const host::Config& config) {
    const auto found = config.find("POSTGRES_DATABASE_SCHEME");
    return found == config.end() || found->second.empty() ? "postgres" : found->second;
}

// The official plugin does not encode: a password with `@` and `/` makes the URL ambiguous, so the
// host is searched after the last possible login.
std::optional<Url> behind_odd_password(const Service& service, const std::string& value) {
    const auto mark = value.find("://");
    const auto at = value.rfind("@" + service.host());
    if (mark == std::string::npos || at == std::string::npos || at < mark + 3) return {};
    const auto login = value.substr(mark + 3, at - mark - 3);
    // the login is replaced by one that can be parsed
    auto url =
        parse_url(value.substr(0, mark + 3) + login.substr(0, login.find(':')) + value.substr(at));
    if (!url || url->host != service.host()) return {};
    return url;
}

}  // namespace

std::string database_of(const Service& service) {
    return state::read_trimmed(service.file("DATABASE_NAME")).value_or(service.name);
}

Url url_of(const Service& service) {
    return {.scheme = "postgres",
            .user = user,
            .password = password(service),
            .host = service.host(),
            .port = "5432",
            .database = database_of(service),
            .querystring = {}};
}

Url url_of(const Service& service, const Variable& variable, const host::Config& config) {
    Url url = url_of(service);
    url.scheme = variable.scheme.empty() ? default_scheme(config) : variable.scheme;
    url.querystring = variable.querystring;
    return url;
}

std::optional<Url> url_to(const Service& service, const std::string& value) {
    auto url = parse_url(value);
    if (url && url->host == service.host()) return url;
    return behind_odd_password(service, value);
}

std::vector<Variable> discover(const Service& service, const host::Config& config) {
    std::vector<Variable> found;
    const std::string database = database_of(service);
    for (const auto& [name, value] : config) {
        const auto url = url_to(service, value);
        if (!url || url->user != user || url->database != database) continue;
        found.push_back({.name = name,
                         .scheme = url->scheme == default_scheme(config) ? "" : url->scheme,
                         .querystring = url->querystring});
    }
    return found;
}

Link link_of(const Service& service, const std::string& app, const host::Config& config) {
    Link link = link_detail(service, app);
    if (link.variables.empty()) link.variables = discover(service, config);
    return link;
}

host::Config differing(const Service& service, const Link& link, const host::Config& config) {
    host::Config wanted;
    for (const auto& variable : link.variables) {
        const std::string url = to_string(url_of(service, variable, config));
        const auto found = config.find(variable.name);
        if (found == config.end() || found->second != url) wanted[variable.name] = url;
    }
    return wanted;
}

std::string free_colour(const std::vector<std::string>& taken) {
    for (const auto colour : colours) {
        std::string name = "DOKKU_POSTGRES_" + std::string(colour) + "_URL";
        if (std::find(taken.begin(), taken.end(), name) == taken.end()) return name;
    }
    throw Error{"Unable to use default or generated URL alias",
                "Every colour is taken: give the variable a name with --alias.", Exit::refused};
}

}  // namespace service
