// The variables of an app that belong to a link, and their correct values.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "service/links.h"
#include "service/service.h"
#include "service/url.h"

namespace service {

/// The colours for further links of an app (DOKKU_POSTGRES_<COLOUR>_URL), in the order of their
/// use.
inline constexpr std::string_view colours[] = {
    "AQUA", "BLACK", "BLUE",   "FUCHSIA", "GRAY",   "GREEN", "LIME",  "MAROON",
    "NAVY", "OLIVE", "PURPLE", "RED",     "SILVER", "TEAL",  "WHITE", "YELLOW",
};

/// The name of the service's own database: DATABASE_NAME, else the service's name.
std::string database_of(const Service& service);
/// The service's URL without an app's scheme or query string. Throws Error if the service has no
/// password.
Url url_of(const Service& service);
/// The correct URL of a variable in an app with this config. The scheme is the variable's, else the
/// app's POSTGRES_DATABASE_SCHEME, else `postgres`.
Url url_of(const Service& service, const Variable& variable, const host::Config& config);

/// Parses a value that is a URL with the service as host, with any password; nothing for any other
/// value.
std::optional<Url> url_to(const Service& service, const std::string& value);
/// The variables of a config with a URL of the service's superuser and database: by these a link of
/// the official plugin is found.
std::vector<Variable> discover(const Service& service, const host::Config& config);
/// The detail of the app's link: from links.yml, else by discover(). Throws Error if links.yml
/// cannot be parsed.
Link link_of(const Service& service, const std::string& app, const host::Config& config);
/// The link's variables that are not correct, with their correct values.
host::Config differing(const Service& service, const Link& link, const host::Config& config);
/// The first name DOKKU_POSTGRES_<COLOUR>_URL that is not in `taken`. Throws Error 4 if all are
/// taken.
std::string free_colour(const std::vector<std::string>& taken);

}  // namespace service
