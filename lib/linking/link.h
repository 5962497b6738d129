// Linking an app to a service: a record, a variable, and a network that both are on.
#pragma once

#include <optional>
#include <string>

#include "service/service.h"

namespace linking {

/// The options of `link`.
struct LinkOptions {
    std::optional<std::string> alias = {};  // REPORTING_DATABASE, in any case, with _URL or without
    std::string querystring = {};           // without a leading question mark, which is dropped
    // else the app's POSTGRES_DATABASE_SCHEME, else postgres
    std::optional<std::string> scheme = {};
    bool restart = true;
};

/// Throws Error 20 unless the app exists, and Error 4 if containers of its scheduler cannot reach a
/// service.
void check_linkable(const service::Context& context, const std::string& app);
/// Links the app, and deploys it once unless `restart` is false. Throws Error (`Already linked as
/// KEY`) for a link that exists and is correct; one that is not correct is repaired. Takes both
/// locks.
void link(const service::Service& service, const std::string& app, const LinkOptions& given);

/// The app of a command: the one that was typed, else that of Dokku's `--app`; throws a usage Error
/// if there is neither.
std::string chosen_app(const service::Context& context, const std::optional<std::string>& typed);
/// Fires the trigger `service-action ACTION postgres SERVICE APP` after a change. If a plugin
/// refuses, prints a warning.
void tell(const service::Context& context, const std::string& action,
          const service::Service& service, const std::string& app);
/// Shows the variables that were set, each with its password masked.
void show_set(const service::Service& service, const host::Config& variables);

}  // namespace linking
