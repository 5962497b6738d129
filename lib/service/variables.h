// Which variables of an app belong to a link, and the URL that each must hold.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "service/links.h"
#include "service/service.h"
#include "service/url.h"

namespace service {

/// The names that a further link of an app is told apart by (DOKKU_POSTGRES_<COLOUR>_URL), in the
/// order they are given out.
inline constexpr std::string_view colours[] = {
    "AQUA", "BLACK", "BLUE",   "FUCHSIA", "GRAY",   "GREEN", "LIME",  "MAROON",
    "NAVY", "OLIVE", "PURPLE", "RED",     "SILVER", "TEAL",  "WHITE", "YELLOW",
};

/// The name of the service's own database: DATABASE_NAME, else the service's name.
std::string database_of(const Service& service);
/// The service's own URL, without an app's scheme or query string; throws Error when the service
/// has no password.
Url url_of(const Service& service);
/// The URL that the variable must hold in an app with that config. Scheme: the variable's, else the
/// app's POSTGRES_DATABASE_SCHEME, else `postgres`.
Url url_of(const Service& service, const Variable& variable, const host::Config& config);

/// A value taken apart when it is a URL whose host is the service, with whatever password.
std::optional<Url> url_to(const Service& service, const std::string& value);
/// The variables of a config that hold a URL of the service's superuser and its database: what the
/// official plugin left to find a link by.
std::vector<Variable> discover(const Service& service, const host::Config& config);
/// The detail of the app's link: from links.yml, else discovered. Throws Error for a links.yml that
/// cannot be parsed.
Link link_of(const Service& service, const std::string& app, const host::Config& config);
/// Those of the link's variables that differ from what they must be, with the values they must
/// have.
host::Config differing(const Service& service, const Link& link, const host::Config& config);
/// The first of DOKKU_POSTGRES_<COLOUR>_URL that `taken` does not hold; throws Error 4 when all
/// are.
std::string free_colour(const std::vector<std::string>& taken);

}  // namespace service
