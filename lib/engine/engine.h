// Docker as this plugin uses it, behind a seam: an abstract Engine and the real one over the docker
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

struct Mount {
    std::string source = {};  // a folder or file as the engine sees it, or the name of a volume
    std::string target = {};
    bool read_only = false;
};

struct Port {
    std::string ip = {};  // empty: every address
    int host = 0;
    int container = 0;
};

/// One end of a container on a network.
struct Endpoint {
    std::string network = {};
    std::string address = {};  // empty while the container does not run
    std::vector<std::string> aliases = {};
};

/// What inspect tells of a container.
struct Container {
    std::string id = {};
    std::string name = {};   // without the leading slash
    std::string image = {};  // as it was asked for, `postgres:17`
    std::string image_id = {};
    std::string status = {};  // created, running, paused, restarting, exited, dead
    int exit_code = 0;
    std::string started_at = {};
    std::string network_mode =
        {};  // default, bridge, host, none, container:.., or a network's name
    std::string restart_policy = {};
    std::vector<Endpoint> networks = {};
    std::vector<Mount> mounts = {};  // bind mounts and volumes
    std::vector<Port> ports = {};    // published
    std::map<std::string, std::string> labels = {};
    std::vector<std::string> arguments = {};    // the words after the image
    std::vector<std::string> environment = {};  // K=V
    long memory = 0;                            // bytes, 0 without limit
    long shm = 0;                               // bytes
    bool running() const { return status == "running"; }
    const Endpoint* on(const std::string& network) const;
    std::string variable(std::string_view key) const;  // of its environment; empty: it has none
};

/// The one of that name, nothing when it is not among them.
std::optional<Container> named(const std::vector<Container>& containers, const std::string& name);

struct Image {
    std::string id = {};
    std::map<std::string, std::string> environment = {};
    std::vector<std::string> volumes = {};
    std::map<std::string, std::string> labels = {};
};

/// A container to be made.
struct Spec {
    std::string name = {};
    std::string image = {};
    std::string hostname = {};
    std::map<std::string, std::string> labels = {};
    std::string env_file = {};                  // path read by the client; empty: none
    std::vector<std::string> environment = {};  // K=V without any secret
    std::vector<Mount> mounts = {};
    std::vector<Port> ports = {};
    std::string network = {};               // the first network; empty: the default bridge
    std::vector<std::string> aliases = {};  // on that first network, when it is a user's own
    std::string restart = "always";
    std::string memory = {};  // as docker takes it (`512m`); empty: none
    std::string shm = {};
    // Of root's rights only those that an entrypoint needs to prepare a folder and to become another
    // user; no program gets more by its file's mode.
    bool confined = false;
    std::vector<std::string> options =
        {};  // further words before the image (log driver, ..), from records only
    std::vector<std::string> arguments = {};  // after the image
};

/// How a pull shows that it goes on; not at all unless something is said.
struct Pulling {
    bool drawn = false;  // the client draws its progress on our standard error, a terminal
    // told about every ten seconds how long it has taken so far
    std::function<void(const std::string& reference, std::chrono::seconds since)> told = {};
};

/// The engine refuses or has no such thing; message is a sentence of ours with the engine's own
/// last line.
class Engine {
public:
    virtual ~Engine() = default;

    /// One container by exact name or id, nothing when there is none. One call.
    virtual std::optional<Container> find(const std::string& name) = 0;
    /// Several containers by exact names or ids in one call; missing ones are left out.
    virtual std::vector<Container> find_all(const std::vector<std::string>& names) = 0;
    /// Names (without slash) and states of all containers that carry a label `key=value`, running
    /// or not: one call.
    virtual std::map<std::string, std::string> states(const std::string& label) = 0;
    /// Ids of running (or, with `all`, all) containers that carry every one of these `key=value`
    /// labels.
    virtual std::vector<std::string> ids(const std::vector<std::string>& labels,
                                         bool all = false) = 0;
    /// An image that is on this host, nothing when it is not.
    virtual std::optional<Image> image(const std::string& reference) = 0;
    /// Pulls an image; throws Error when it cannot be had.
    virtual void pull(const std::string& reference) = 0;
    /// Says how the pulls of this run are shown.
    void show_pulls(Pulling pulling) { pulling_ = std::move(pulling); }
    /// Makes a container, never pulls; returns its id.
    virtual std::string create(const Spec& spec) = 0;
    virtual void start(const std::string& container) = 0;
    /// Stops with the image's own signal; `patience` before the engine kills.
    virtual void stop(const std::string& container, std::chrono::seconds patience) = 0;
    virtual void restart(const std::string& container, std::chrono::seconds patience) = 0;
    virtual void unpause(const std::string& container) = 0;
    /// Removes a container, running or not, with its anonymous volumes only when asked; nothing
    /// happens when there is none.
    virtual void remove(const std::string& container, bool volumes) = 0;
    virtual void rename(const std::string& container, const std::string& name) = 0;
    /// Makes a user-defined bridge network unless one of that exact name is there.
    virtual void ensure_network(const std::string& network) = 0;
    virtual bool has_network(const std::string& network) = 0;
    /// Joins a container to a network; true when it was not there before. A full network says so in
    /// the Error.
    virtual bool connect(const std::string& network, const std::string& container,
                         const std::vector<std::string>& aliases) = 0;
    virtual void disconnect(const std::string& network, const std::string& container) = 0;
    /// The last lines that the container printed, oldest first, stdout and stderr.
    virtual std::string last_lines(const std::string& container, int count) = 0;
    /// `docker logs`, both streams on our standard output; returns its exit code. count < 0: all.
    virtual int logs(const std::string& container, int count, bool follow) = 0;
    /// The same, handed to `take` as it comes instead.
    virtual int read_logs(const std::string& container, int count, bool follow,
                          const std::function<void(std::string_view)>& take) = 0;
    /// The command that runs `words` in a container: for process::run, Feed, run_on. No secret may
    /// stand in `words` or `environment`.
    virtual process::Command exec(const std::string& container,
                                  const std::vector<std::string>& words, bool input, bool terminal,
                                  const std::string& user = {},
                                  const std::vector<std::string>& environment = {}) = 0;
    /// Runs a throw-away container, which has no restart policy, to its end as root, the entrypoint
    /// replaced by arguments[0]; returns the result. Where the client is killed the container may
    /// stay under its name.
    virtual process::Result run_once(const Spec& spec) = 0;
    /// The command that does so and hands its standard input on.
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

/// The real engine over the given docker client (`$DOCKER_BIN`). A question that is not answered for
/// so long is given up, and so is a change after three times as long.
std::unique_ptr<Engine> docker(const std::string& client,
                               std::chrono::seconds question = std::chrono::seconds{60});

}  // namespace engine
