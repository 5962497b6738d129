// Dokku as a plugin may use it: apps, their config, properties, docker-options, triggers.
#pragma once

#include <map>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "host/environment.h"

namespace host {

using Config = std::map<std::string, std::string>;

/// The Dokku of this host. Names of apps are checked before they reach it.
class Dokku {
public:
    virtual ~Dokku() = default;

    /// Throws Error 20 (`App APP does not exist`) when there is no such app or the caller may not
    /// see it, 2 when the name cannot be one.
    virtual void verify_app(const std::string& app) = 0;
    /// Whether the app is there, whoever asks; for hooks and records.
    virtual bool app_exists(const std::string& app) = 0;
    /// All apps of the host, unfiltered, sorted.
    virtual std::vector<std::string> apps() = 0;
    /// The app's own config (not the global one); empty for an app without any.
    virtual Config config(const std::string& app) = 0;
    /// Writes variables without restarting the app; nothing travels in an argv where the host
    /// offers config:import. Throws Error when a read-back differs.
    virtual void set_config(const std::string& app, const Config& variables) = 0;
    /// Removes variables without restarting the app.
    virtual void unset_config(const std::string& app, const std::vector<std::string>& keys) = 0;
    /// Whether the app has been deployed.
    virtual bool deployed(const std::string& app) = 0;
    /// Whether a restart of the app is wanted (`ps-get-property APP restore` is not false).
    virtual bool restores(const std::string& app) = 0;
    /// Releases and deploys the app once, its output on ours (stderr) unless the caller may not
    /// see the app; throws Error when that fails. Dokku ends well for an app without an image: ask deployed() first.
    virtual void deploy(const std::string& app) = 0;
    /// The app's scheduler, `docker-local` when nothing says otherwise.
    virtual std::string scheduler(const std::string& app) = 0;
    /// Fires a trigger, its output on our stderr; throws Error with its code when a plugin refuses.
    virtual void trigger(const std::string& name, const std::vector<std::string>& args) = 0;
    /// Whether any plugin hears the trigger.
    virtual bool listens(const std::string& name) = 0;
    /// The services of these that the caller may see (user-auth-service); all
    /// when no plugin filters.
    virtual std::vector<std::string> visible(const std::vector<std::string>& services) = 0;
    /// The apps of these that the caller may see (user-auth-app); all when no plugin filters.
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
    /// Adds one docker-option of an app to the phases build, deploy and run that lack it.
    virtual void add_docker_option(const std::string& app, const std::string& option) = 0;
    /// Removes it from all three; one that is not there is no failure.
    virtual void remove_docker_option(const std::string& app, const std::string& option) = 0;
    /// The app's docker-options of one phase, a line each.
    virtual std::vector<std::string> docker_options(const std::string& app,
                                                    const std::string& phase) = 0;
};

/// The real one, over Dokku's helper programs and plugn.
std::unique_ptr<Dokku> dokku(const Environment& environment);

/// Whether the words can be the name of an app: `^[a-z0-9][a-z0-9._-]*$`, as Dokku
/// checks it.
bool is_app_name(std::string_view name);

}  // namespace host
