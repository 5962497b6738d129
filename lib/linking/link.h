// Linking an app to a service: a record, a variable, and a network that both are on.
#pragma once

#include <optional>
#include <string>

#include "service/service.h"

namespace linking {

/// What `link` may be told.
struct LinkOptions {
    std::optional<std::string> alias = {};  // REPORTING_DATABASE, in any case, with _URL or without
    std::string querystring = {};           // a question mark in front is dropped
    std::optional<std::string> scheme =
        {};  // else the app's POSTGRES_DATABASE_SCHEME, else postgres
    bool restart = true;
};

/// Throws Error 20 unless the app is there, and 4 when its scheduler's containers cannot reach a
/// service.
void check_linkable(const service::Context& context, const std::string& app);
/// Links the app, and deploys it once unless it was told not to. A link that is there and true is
/// an Error (`Already linked as KEY`), one that is not true is put right. Takes both locks.
void link(const service::Service& service, const std::string& app, const LinkOptions& given);

/// The app a command is about: the one typed, else that of Dokku's own `--app`; throws a usage
/// Error when there is neither.
std::string chosen_app(const service::Context& context, const std::optional<std::string>& typed);
/// Fires `service-action ACTION postgres SERVICE APP` after the fact: a plugin that refuses is
/// warned of.
void tell(const service::Context& context, const std::string& action,
          const service::Service& service, const std::string& app);
/// Shows the variables that were set, each with its password masked.
void show_set(const service::Service& service, const host::Config& variables);

}  // namespace linking
