// What a service is and does, as its owner asks for it.
#pragma once

#include <filesystem>
#include <string>
#include <vector>

#include "service/service.h"
#include "value/value.h"

namespace server {

/// Everything about one service with one engine call, the password masked; people see `-` for no
/// port and no link, as in the official plugin.
value::Fields info(const service::Service& service);
/// The same for people: a service that is stopped and lost nothing is called so.
value::Fields in_words(const service::Service& service, value::Fields facts);
/// What the server at that address tells of itself: exact version, size of the service's database,
/// connections to it, uptime; null where it does not answer within seconds. Asked through the
/// program `wait`, so that nobody else has to load a database client.
value::Fields figures(const service::Service& service, const std::string& address,
                      const std::filesystem::path& wait);
/// The apps that are linked to a service and that the caller may see, with the names of their
/// variables; null for variables of which no record tells.
value::List links(const service::Service& service);
/// The services that an app is linked to and that the caller may see, in the same form.
value::List links_of(const service::Context& context, const std::string& app);
/// Name, status, image and links of each, with one engine call for all.
value::List summaries(const service::Context& context,
                      const std::vector<service::Service>& services);

}  // namespace server
