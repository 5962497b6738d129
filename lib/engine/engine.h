// Docker as this plugin uses it: the interface Engine, and the implementation over the docker
// client.
#pragma once

#include <chrono>
#include <functional>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "process/process.h"

namespace engine {

/// A bind mount or a volume of a container.
struct Mount {
    std::string source = {};  // a folder or file as the engine sees it, or the name of a volume
    std::string target = {};
    bool read_only = false;
};

/// A published port.
struct Port {
    std::string ip = {};  // empty: every address
    int host = 0;
    int container = 0;
};

/// A container's connection to one network.
struct Endpoint {
    std::string network = {};
    std::string address = {};  // empty while the container does not run
    std::vector<std::string> aliases = {};
};

/// A container as `docker inspect` shows it.
struct Container {
    std::string id = {};
    std::string name = {};   // without the leading slash
    std::string image = {};  // as it was requested, `postgres:17`
    std::string image_id = {};
    std::string status = {};  // created, running, paused, restarting, exited, dead
    int exit_code = 0;
    std::string started_at = {};
    // default, bridge, host, none, container:.., or a network's name
    std::string network_mode = {};
    std::string restart_policy = {};
    std::vector<Endpoint> networks = {};
    std::vector<Mount> mounts = {};  // bind mounts and volumes
    std::vector<Port> ports = {};    // published
    std::map<std::string, std::string> labels = {};
    std::vector<std::string> arguments = {};    // the words after the image
    std::vector<std::string> environment = {};  // K=V
    long memory = 0;                            // bytes, 0: no limit
    long shm = 0;                               // bytes
    /// Whether its status is running.
    bool running() const { return status == "running"; }
    /// Its endpoint on that network, nullptr if it is not connected.
    const Endpoint* on(const std::string& network) const;
    /// The value of an environment variable, empty if it is not set.
    std::string variable(std::string_view key) const;
};

/// The container of that name, nothing if it is not in the list.
std::optional<Container> named(const std::vector<Container>& containers, const std::string& name);

/// An image on this host.
struct Image {
    std::string id = {};
    std::map<std::string, std::string> environment = {};
    std::vector<std::string> volumes = {};
    std::map<std::string, std::string> labels = {};
};

/// The specification of a new container.
struct Spec {
    std::string name = {};
    std::string image = {};
    std::string hostname = {};
    std::map<std::string, std::string> labels = {};
    std::string env_file = {};                  // path of a file that the client reads; empty: none
    std::vector<std::string> environment = {};  // K=V without any secret
    std::vector<Mount> mounts = {};
    std::vector<Port> ports = {};
    std::string network = {};               // the first network; empty: the default bridge
    std::vector<std::string> aliases = {};  // on the first network, if that is user-defined
    std::string restart = "always";
    std::string memory = {};  // as docker takes it (`512m`); empty: no limit
    std::string shm = {};
    // Only the capabilities that an entrypoint needs to prepare a folder and to switch to another
    // user, and no-new-privileges.
    bool confined = false;
    // further words before the image (log driver, ..), from records only
    std::vector<std::string> options = {};
    std::vector<std::string> arguments = {};  // after the image
};

/// How a program runs in a container.
struct ExecOptions {
    bool input = false;  // it gets our standard input
    bool terminal = false;
    std::string user = {};                      // empty: the image's
    std::vector<std::string> environment = {};  // K=V, or K for a value of the client's environment
};

/// How the progress of a pull is shown; by default it is not.
struct Pulling {
    bool drawn = false;  // the client draws its progress on our standard error, a terminal
    // called about every ten seconds with the time that it has taken so far
    std::function<void(const std::string& reference, std::chrono::seconds since)> told = {};
};

/// The Docker engine. Every method throws Error if the engine refuses or does not answer; the
/// message ends with the engine's own.
class Engine {
public:
    virtual ~Engine() = default;

    /// A container by exact name or id, nothing if there is none. One call of the client.
    virtual std::optional<Container> find(const std::string& name) = 0;
    /// Several containers by exact names or ids, in one call. Missing ones are left out.
    virtual std::vector<Container> find_all(const std::vector<std::string>& names) = 0;
    /// Names (without slash) and states of all containers with a label `key=value`, running or not.
    /// One call.
    virtual std::map<std::string, std::string> states(const std::string& label) = 0;
    /// Ids of the running containers (with `all`: all) that have every one of these `key=value`
    /// labels.
    virtual std::vector<std::string> ids(const std::vector<std::string>& labels,
                                         bool all = false) = 0;
    /// An image on this host, nothing if it is not here.
    virtual std::optional<Image> image(const std::string& reference) = 0;
    /// Pulls an image.
    virtual void pull(const std::string& reference) = 0;
    /// Sets how the pulls of this run are shown.
    void show_pulls(Pulling pulling) { pulling_ = std::move(pulling); }
    /// Creates a container without pulling its image; returns its id.
    virtual std::string create(const Spec& spec) = 0;
    /// Starts a container.
    virtual void start(const std::string& container) = 0;
    /// Stops a container with the image's stop signal; the engine kills it after `patience`.
    virtual void stop(const std::string& container, std::chrono::seconds patience) = 0;
    /// Stops a container as stop() does and starts it again.
    virtual void restart(const std::string& container, std::chrono::seconds patience) = 0;
    /// Unpauses a container.
    virtual void unpause(const std::string& container) = 0;
    /// Removes a container, running or not; with `volumes` its anonymous volumes too. Nothing
    /// happens if there is none.
    virtual void remove(const std::string& container, bool volumes) = 0;
    /// Renames a container.
    virtual void rename(const std::string& container, const std::string& name) = 0;
    /// Creates a user-defined bridge network unless one of that name exists.
    virtual void ensure_network(const std::string& network) = 0;
    /// Whether a network of that exact name exists.
    virtual bool has_network(const std::string& network) = 0;
    /// Connects a container to a network; false if it was connected already. The Error says so if
    /// the network is full.
    virtual bool connect(const std::string& network, const std::string& container,
                         const std::vector<std::string>& aliases) = 0;
    /// Disconnects a container from a network, if it is connected.
    virtual void disconnect(const std::string& network, const std::string& container) = 0;
    /// The last lines of a container's log, stdout and stderr, oldest first.
    virtual std::string last_lines(const std::string& container, int count) = 0;
    /// Runs `docker logs` with both streams on our stdout and returns its exit code. count < 0: all
    /// lines.
    virtual int logs(const std::string& container, int count, bool follow) = 0;
    /// Like logs(), but passes the bytes to `take` as they arrive.
    virtual int read_logs(const std::string& container, int count, bool follow,
                          const std::function<void(std::string_view)>& take) = 0;
    /// The command that runs `words` in a container, for process::run, Feed, run_on. `words` and
    /// the options must not hold a secret.
    virtual process::Command exec(const std::string& container,
                                  const std::vector<std::string>& words,
                                  const ExecOptions& options) = 0;
    /// Runs a temporary container to its end as root, with arguments[0] as the entrypoint, and
    /// returns the result. If the client is killed, the container may remain under its name.
    virtual process::Result run_once(const Spec& spec) = 0;
    /// The command that runs such a container and passes standard input to it.
    virtual process::Command throw_away(const Spec& spec) = 0;
    /// Runs a program to its end inside a running container.
    virtual process::Result run_in(const std::string& container,
                                   const std::vector<std::string>& words,
                                   const std::string& user = {}) = 0;

protected:
    const Pulling& pulling() const { return pulling_; }

private:
    Pulling pulling_;
};

/// The engine over a docker client (`$DOCKER_BIN`). A query is given up after `question`, a change
/// after three times as long.
std::unique_ptr<Engine> docker(const std::string& client,
                               std::chrono::seconds question = std::chrono::seconds{60});

}  // namespace engine
