// Dokku as this plugin uses it: apps, their config, properties, docker options, triggers.
#pragma once

#include <map>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "host/environment.h"

namespace host {

using Config = std::map<std::string, std::string>;

/// The Dokku of this host. It never gets an app name that was not checked. Methods throw Error if
/// Dokku fails.
class Dokku {
public:
    virtual ~Dokku() = default;

    /// Throws Error 20 (`App APP does not exist`) if the app does not exist or the caller may not
    /// see it, Error 2 if the name is not valid.
    virtual void verify_app(const std::string& app) = 0;
    /// Whether the app exists, even if the caller may not see it; for hooks and records.
    virtual bool app_exists(const std::string& app) = 0;
    /// All apps of the host, unfiltered, sorted.
    virtual std::vector<std::string> apps() = 0;
    /// The app's own config (not the global one); empty for an app without any.
    virtual Config config(const std::string& app) = 0;
    /// Sets variables without restarting the app. They are not in any argv if Dokku has
    /// config:import. Throws Error if a read-back differs.
    virtual void set_config(const std::string& app, const Config& variables) = 0;
    /// Removes variables without restarting the app.
    virtual void unset_config(const std::string& app, const std::vector<std::string>& keys) = 0;
    /// Whether the app has been deployed.
    virtual bool deployed(const std::string& app) = 0;
    /// Whether a restart of the app is wanted (`ps-get-property APP restore` is not false).
    virtual bool restores(const std::string& app) = 0;
    /// Releases and deploys the app once, with its output on our stderr unless the caller may not
    /// see the app. Throws Error if it fails. Dokku does not fail for an app without an image: ask
    /// deployed() first.
    virtual void deploy(const std::string& app) = 0;
    /// The app's scheduler, `docker-local` when nothing says otherwise.
    virtual std::string scheduler(const std::string& app) = 0;
    /// Fires a trigger with its output on our stderr. Throws Error with its exit code if a plugin
    /// refuses.
    virtual void trigger(const std::string& name, const std::vector<std::string>& args) = 0;
    /// Whether any plugin has the trigger.
    virtual bool listens(const std::string& name) = 0;
    /// Those of the services that the caller may see (user-auth-service); all if no plugin filters.
    virtual std::vector<std::string> visible(const std::vector<std::string>& services) = 0;
    /// Those of the apps that the caller may see (user-auth-app); all if no plugin filters.
    virtual std::vector<std::string> visible_apps(const std::vector<std::string>& apps) = 0;
    /// Whether a plugin decides what the caller may see: never for root at the host itself.
    virtual bool is_filtered() = 0;
    /// A property of a service (config/postgres/<service>/<key>), empty when unset.
    virtual std::string property(const std::string& service, const std::string& key) = 0;
    /// Sets a property of a service; throws Error.
    virtual void set_property(const std::string& service, const std::string& key,
                              const std::string& value) = 0;
    /// Removes all properties of a service; throws Error.
    virtual void destroy_properties(const std::string& service) = 0;
    /// Adds a docker option of an app to those of the phases build, deploy and run that lack it.
    virtual void add_docker_option(const std::string& app, const std::string& option) = 0;
    /// Removes a docker option from all three phases, where it is there.
    virtual void remove_docker_option(const std::string& app, const std::string& option) = 0;
    /// The docker options of an app in one phase, one per entry.
    virtual std::vector<std::string> docker_options(const std::string& app,
                                                    const std::string& phase) = 0;
};

/// The Dokku of this host, over its helper programs and plugn.
std::unique_ptr<Dokku> dokku(const Environment& environment);

/// Whether a text can be the name of an app: `^[a-z0-9][a-z0-9._-]*$`, the check of Dokku.
bool is_app_name(std::string_view name);

}  // namespace host
