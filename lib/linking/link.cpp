// Links an app to a service: a record, a variable, and a common network.

#include "linking/link.h"

#include <algorithm>

#include "error/error.h"
#include "host/log.h"
#include "server/container.h"
#include "server/linked_apps.h"
#include "service/record.h"
#include "service/unfinished.h"
#include "service/variables.h"
#include "state/lock.h"

namespace linking {

namespace {

struct Plan {
    bool repair = false;  // the link exists, but is not correct
    service::Link link;
    host::Config changes;            // what the app's config lacks
    std::vector<std::string> stale;  // variables that a killed run left under another name
};

// `reporting_database_url` and `REPORTING_DATABASE` are the same alias, as in the official plugin.
std::string variable_of(std::string alias) {
    std::transform(alias.begin(), alias.end(), alias.begin(), [](char c) {
        return c >= 'a' && c <= 'z' ? static_cast<char>(c - 'a' + 'A') : c;
    });
    if (!alias.ends_with("_URL")) alias += "_URL";
    return alias;
}

LinkOptions checked(LinkOptions options) {
    if (options.alias) {
        service::check_alias(*options.alias);
        options.alias = variable_of(*options.alias);
        if (*options.alias == "_URL") throw usage_error("an alias needs a name before its _URL");
    }
    if (options.scheme) service::check_scheme(*options.scheme);
    if (options.querystring.starts_with('?')) options.querystring.erase(0, 1);
    service::check_querystring(options.querystring);
    return options;
}

// A variable in another service's record is taken, whether or not the app's config has it now.
std::vector<std::string> claimed_by_others(const service::Service& service, const std::string& app,
                                           const host::Config& config) {
    std::vector<std::string> names;
    for (const auto& other : service::services_of(service.context(), app)) {
        if (other.name == service.name) continue;
        for (const auto& variable : service::link_of(other, app, config).variables) {
            names.push_back(variable.name);
        }
    }
    return names;
}

// The names that the link may not get: all variables of the app, except those with our own URL.
std::vector<std::string> taken_names(const service::Service& service, const std::string& app,
                                     const host::Config& config,
                                     const std::vector<service::Variable>& left) {
    auto taken = claimed_by_others(service, app, config);
    for (const auto& taker : config) {
        const bool ours = std::any_of(
            left.begin(), left.end(),
            [&](const service::Variable& variable) { return variable.name == taker.first; });
        if (!ours || !service::url_to(service, taker.second)) taken.push_back(taker.first);
    }
    return taken;
}

std::string choose_name(const LinkOptions& options, const std::vector<service::Variable>& left,
                        const std::vector<std::string>& taken) {
    const auto free = [&](const std::string& name) {
        return std::find(taken.begin(), taken.end(), name) == taken.end();
    };
    if (options.alias) {
        if (free(*options.alias)) return *options.alias;
        const std::string alias = options.alias->substr(0, options.alias->size() - 4);
        throw Error{"Specified alias " + alias + " already in use",
                    "The app has a variable " + *options.alias +
                        " that is not this service's: choose another alias, or remove it first.",
                    Exit::refused};
    }
    for (const auto& variable : left) {
        if (free(variable.name)) return variable.name;
    }
    return free("DATABASE_URL") ? "DATABASE_URL" : service::free_colour(taken);
}

std::string names_of(const service::Link& link) {
    std::string names;
    for (const auto& variable : link.variables) {
        names += (names.empty() ? "" : ", ") + variable.name;
    }
    return names;
}

Plan plan(const service::Service& service, const std::string& app, const LinkOptions& options) {
    const auto config = service.dokku().config(app);
    Plan made{.link = service::link_of(service, app, config), .changes = {}, .stale = {}};
    if (service::is_linked(service, app) && !made.link.variables.empty()) {
        made.changes = service::differing(service, made.link, config);
        if (made.changes.empty()) {
            throw Error{"Already linked as " + names_of(made.link),
                        "Unlink it first to link it under another name or in another form."};
        }
        made.repair = true;
        return made;
    }
    const auto left = std::move(made.link.variables);
    const auto name = choose_name(options, left, taken_names(service, app, config, left));
    made.link.variables = {
        {.name = name, .scheme = options.scheme.value_or(""), .querystring = options.querystring}};
    made.changes = service::differing(service, made.link, config);
    for (const auto& variable : service::link_detail(service, app).variables) {
        const auto found = config.find(variable.name);
        if (variable.name != name && found != config.end() &&
            service::url_to(service, found->second)) {
            made.stale.push_back(variable.name);
        }
    }
    return made;
}

// Writes in the order detail, config, LINKS, so that the next run can finish what a killed one
// began.
void apply(const service::Service& service, const std::string& app, const Plan& plan) {
    if (plan.repair) {
        service.dokku().set_config(app, plan.changes);
        for (const auto& [name, url] : plan.changes) {
            host::warn(name + " of app " + app + " was not the URL of Postgres service " +
                       service.name + ": put right");
        }
        return;
    }
    service::write_link_detail(service, plan.link);
    if (!plan.changes.empty()) service.dokku().set_config(app, plan.changes);
    if (!plan.stale.empty()) service.dokku().unset_config(app, plan.stale);
    service::add_to_links(service, app);
    show_set(service, plan.changes);
}

// Without a restart the app keeps its containers, and the URL has to work in them too. A call of
// the engine takes longer than everything else here, so only the necessary ones are made.
void join_running_containers(const service::Service& service, const std::string& app) {
    try {
        auto names = server::running_containers(service.context(), app);
        if (names.empty()) return;
        names.push_back(service.container());
        auto containers = service.engine().find_all(names);
        std::erase_if(containers, [&](const engine::Container& container) {
            const bool own = container.name == service.container();
            if (own && container.running()) server::join_our_network(service, container);
            return own;
        });
        server::join_containers(service.context(), app, containers);
    } catch (const Error& error) {
        host::warn("the containers of app " + app +
                   " join the service's network at the next deploy: " + error.what());
    }
}

}  // namespace

void check_linkable(const service::Context& context, const std::string& app) {
    context.dokku.verify_app(app);
    const std::string scheduler = context.dokku.scheduler(app);
    if (scheduler == "docker-local") return;
    throw Error{"app " + app + " runs under the scheduler '" + scheduler +
                    "', whose containers cannot join the service's network",
                "Publish the service with postgres:expose and set the app's variable by hand.",
                Exit::refused};
}

void link(const service::Service& service, const std::string& app, const LinkOptions& given) {
    const LinkOptions options = checked(given);
    check_linkable(service.context(), app);
    service::check_finished(service);
    // An error must come before the trigger, and the trigger before our locks, because a plugin may
    // call us back. If no plugin has the trigger, the plan made under the locks is enough, which
    // saves one read of the app's config.
    if (service.dokku().listens("service-action") && !plan(service, app, options).repair) {
        service.dokku().trigger("service-action", {"pre-link", "postgres", service.name, app});
    }
    bool repair = false;
    {
        const state::Lock service_lock(service.environment(), state::Lock::Of::service,
                                       service.name);
        const state::Lock app_lock(service.environment(), state::Lock::Of::app, app);
        service::check_finished(service);
        const Plan now = plan(service, app, options);
        apply(service, app, now);
        repair = now.repair;
    }
    if (!repair) tell(service.context(), "post-link", service, app);
    const bool restart = options.restart && !service.environment().no_restart;
    if (!server::redeploy(service.context(), app, restart) && !restart)
        join_running_containers(service, app);
    if (!repair) tell(service.context(), "post-link-complete", service, app);
}

std::string chosen_app(const service::Context& context, const std::optional<std::string>& typed) {
    if (typed) return *typed;
    if (context.environment.app) return *context.environment.app;
    throw usage_error("Please specify an app to run the command on");
}

void tell(const service::Context& context, const std::string& action,
          const service::Service& service, const std::string& app) {
    try {
        context.dokku.trigger("service-action", {action, "postgres", service.name, app});
    } catch (const Error& error) {
        host::warn(error.what());
    }
}

void show_set(const service::Service& service, const host::Config& variables) {
    if (variables.empty()) return;
    host::info1("Setting config vars");
    for (const auto& [name, value] : variables) {
        const auto url = service::url_to(service, value);
        host::verbose(name + ":  " + (url ? service::masked(*url) : "********"));
    }
}

}  // namespace linking
