// Linking an app to a service: a record, a variable, and a network that both are on.

#include "service/link.h"

#include <algorithm>

#include "error/error.h"
#include "host/log.h"
#include "service/adoption.h"
#include "service/container.h"
#include "service/lock.h"
#include "service/record.h"
#include "service/refresh.h"
#include "service/variables.h"

namespace service {

namespace {

struct Plan {
    bool repair = false;  // the link is there, but not true
    Link link;
    host::Config changes;            // what the app's config lacks
    std::vector<std::string> stale;  // variables that a killed run left under another name
};

// `reporting_database_url` and `REPORTING_DATABASE` are one alias, as the official plugin has it.
std::string variable_of(std::string alias) {
    std::transform(alias.begin(), alias.end(), alias.begin(), [](char c) {
        return c >= 'a' && c <= 'z' ? static_cast<char>(c - 'a' + 'A') : c;
    });
    if (!alias.ends_with("_URL")) alias += "_URL";
    return alias;
}

LinkOptions checked(LinkOptions options) {
    if (options.alias) {
        check_alias(*options.alias);
        options.alias = variable_of(*options.alias);
        if (*options.alias == "_URL") throw usage_error("an alias needs a name before its _URL");
    }
    if (options.scheme) check_scheme(*options.scheme);
    if (options.querystring.starts_with('?')) options.querystring.erase(0, 1);
    check_querystring(options.querystring);
    return options;
}

// What another service's record claims is taken, whether or not the app's config has it now.
std::vector<std::string> claimed_by_others(const Site& site, const Service& service,
                                           const std::string& app, const host::Config& config) {
    std::vector<std::string> names;
    for (const auto& other : services_of(site, app)) {
        if (other.name == service.name) continue;
        for (const auto& variable : link_of(other, app, config).variables) {
            names.push_back(variable.name);
        }
    }
    return names;
}

// Names that the link may not get: every variable of the app but those that hold our own URL.
std::vector<std::string> taken_names(const Site& site, const Service& service,
                                     const std::string& app, const host::Config& config,
                                     const std::vector<Variable>& left) {
    auto taken = claimed_by_others(site, service, app, config);
    for (const auto& taker : config) {
        const bool ours = std::any_of(left.begin(), left.end(), [&](const Variable& variable) {
            return variable.name == taker.first;
        });
        if (!ours || !url_to(service, taker.second)) taken.push_back(taker.first);
    }
    return taken;
}

std::string choose_name(const LinkOptions& options, const std::vector<Variable>& left,
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
    return free("DATABASE_URL") ? "DATABASE_URL" : free_colour(taken);
}

std::string names_of(const Link& link) {
    std::string names;
    for (const auto& variable : link.variables) {
        names += (names.empty() ? "" : ", ") + variable.name;
    }
    return names;
}

Plan plan(const Site& site, const Service& service, const std::string& app,
          const LinkOptions& options) {
    const auto config = site.dokku.config(app);
    Plan made{.link = link_of(service, app, config), .changes = {}, .stale = {}};
    if (is_linked(service, app) && !made.link.variables.empty()) {
        made.changes = differing(service, made.link, config);
        if (made.changes.empty()) {
            throw Error{"Already linked as " + names_of(made.link),
                        "Unlink it first to link it under another name or in another form."};
        }
        made.repair = true;
        return made;
    }
    const auto left = std::move(made.link.variables);
    const auto name = choose_name(options, left, taken_names(site, service, app, config, left));
    made.link.variables = {
        {.name = name, .scheme = options.scheme.value_or(""), .querystring = options.querystring}};
    made.changes = differing(service, made.link, config);
    for (const auto& variable : link_detail(service, app).variables) {
        const auto found = config.find(variable.name);
        if (variable.name != name && found != config.end() && url_to(service, found->second)) {
            made.stale.push_back(variable.name);
        }
    }
    return made;
}

// In the order that lets a killed run be finished by the next: detail, config, LINKS.
void carry_out(const Site& site, const Service& service, const std::string& app, const Plan& plan) {
    if (plan.repair) {
        site.dokku.set_config(app, plan.changes);
        for (const auto& [name, url] : plan.changes) {
            host::warn(name + " of app " + app + " was not the URL of Postgres service " +
                       service.name + ": put right");
        }
        return;
    }
    write_link_detail(service, plan.link);
    if (!plan.changes.empty()) site.dokku.set_config(app, plan.changes);
    if (!plan.stale.empty()) site.dokku.unset_config(app, plan.stale);
    add_to_links(service, app);
    show_set(service, plan.changes);
}

// The app keeps its containers, and the URL is to work in them all the same. Each call of the
// engine costs more than all else here: nothing is asked that is not needed.
void join_live(const Site& site, const Service& service, const std::string& app) {
    try {
        auto names = running_containers(site, app);
        if (names.empty()) return;
        names.push_back(service.container());
        auto containers = site.engine.find_all(names);
        std::erase_if(containers, [&](const engine::Container& container) {
            const bool own = container.name == service.container();
            if (own && container.running()) join_our_network(site, service, container);
            return own;
        });
        join_containers(site, app, containers);
    } catch (const Error& error) {
        host::warn("the containers of app " + app +
                   " join the service's network at the next deploy: " + error.what());
    }
}

}  // namespace

void check_linkable(const Site& site, const std::string& app) {
    site.dokku.verify_app(app);
    const std::string scheduler = site.dokku.scheduler(app);
    if (scheduler == "docker-local") return;
    throw Error{"app " + app + " runs under the scheduler '" + scheduler +
                    "', whose containers cannot join the service's network",
                "Publish the service with postgres:expose and set the app's variable by hand.",
                Exit::refused};
}

void link(const Site& site, const Service& service, const std::string& app,
          const LinkOptions& given) {
    const LinkOptions options = checked(given);
    check_linkable(site, app);
    check_finished(service);
    // Refused before anybody is told; and told before we lock, for a plugin may call us back. Where
    // nobody listens the plan made under the locks is enough, which saves reading the app's config.
    if (site.dokku.listens("service-action") && !plan(site, service, app, options).repair) {
        site.dokku.trigger("service-action", {"pre-link", "postgres", service.name, app});
    }
    bool repair = false;
    {
        const Lock service_lock(site, Lock::Of::service, service.name);
        const Lock app_lock(site, Lock::Of::app, app);
        check_finished(service);
        const Plan now = plan(site, service, app, options);
        carry_out(site, service, app, now);
        repair = now.repair;
    }
    if (!repair) tell(site, "post-link", service, app);
    const bool restart = options.restart && !site.environment.no_restart;
    if (!redeploy(site, app, restart) && !restart) join_live(site, service, app);
    if (!repair) tell(site, "post-link-complete", service, app);
}

std::string chosen_app(const Site& site, const std::optional<std::string>& typed) {
    if (typed) return *typed;
    if (site.environment.app) return *site.environment.app;
    throw usage_error("Please specify an app to run the command on");
}

void tell(const Site& site, const std::string& action, const Service& service,
          const std::string& app) {
    try {
        site.dokku.trigger("service-action", {action, "postgres", service.name, app});
    } catch (const Error& error) {
        host::warn(error.what());
    }
}

void show_set(const Service& service, const host::Config& variables) {
    if (variables.empty()) return;
    host::info1("Setting config vars");
    for (const auto& [name, value] : variables) {
        const auto url = url_to(service, value);
        host::verbose(name + ":  " + (url ? masked(*url) : "********"));
    }
}

}  // namespace service
