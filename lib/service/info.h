// What a service is and does, as its owner asks for it.
#pragma once

#include <string>
#include <utility>
#include <vector>

#include "service/service.h"

namespace service {

/// Facts by the names that flags and JSON have for them, in order.
using Facts = std::vector<std::pair<std::string, std::string>>;

/// Everything about one service with one engine call, the password masked; `-` stands for no port
/// and no link, as in the official plugin.
Facts info(const Site& site, const Service& service);
/// The same for people: a service that is stopped and lost nothing is called so.
Facts in_words(const Site& site, const Service& service, Facts facts);
/// The same as the table that `info` and `create` show.
std::string table(const Facts& facts);
/// Name, status, image and links of each, with one engine call for all.
std::vector<Facts> summaries(const Site& site, const std::vector<Service>& services);

}  // namespace service
