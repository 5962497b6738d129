// An engine in memory, for tests of the folders above lib/engine.
#pragma once

#include <algorithm>
#include <functional>
#include <map>
#include <set>
#include <string>
#include <vector>

#include "engine/engine.h"
#include "error/error.h"

namespace fakes {

/// Containers, images and networks are maps that a test fills and reads. Each call is logged.
class FakeEngine : public engine::Engine {
public:
    ~FakeEngine() override;

    /// By name; `add` and `create` fill it.
    std::map<std::string, engine::Container> containers;
    /// The specification of each container, by its name at creation; kept after its removal.
    std::map<std::string, engine::Spec> specs;
    /// By reference. An image that is only in `registry` can be pulled.
    std::map<std::string, engine::Image> images;
    std::map<std::string, engine::Image> registry;
    std::set<std::string> networks;
    /// The logs, by container name.
    std::map<std::string, std::string> lines;
    /// One line per call, the verb first: `create NAME`, `connect NET CONTAINER ALIAS..`, `find
    /// NAME`.
    std::vector<std::string> calls;
    /// A call with this verb always throws this message: `fail_on["create"] = "no space left"`.
    std::map<std::string, std::string> fail_on;
    /// Called before each call, with its line. If it throws, the call throws the same.
    std::function<void(const std::string&)> before;
    /// Called after each successful call, with its line, to change something meanwhile.
    std::function<void(const std::string&)> after;
    /// A started container exits at once with this code; nothing: it keeps running.
    std::optional<int> exits_with;
    /// The result of run_once for its words; the mounts are in `calls` as SOURCE:TARGET.
    std::function<process::Result(const std::vector<std::string>&)> once;
    /// The result of run_in for a container and words.
    std::function<process::Result(const std::string&, const std::vector<std::string>&)> in;
    /// The words that exec() puts before those of the caller; empty: the caller's words are run on
    /// this host.
    std::vector<std::string> exec_prefix = {"docker", "container", "exec"};

    /// Adds a container without logging a call and returns it.
    engine::Container& add(const std::string& name, const std::string& status = "running",
                           const std::map<std::string, std::string>& labels = {}) {
        engine::Container& made = containers[name];
        made.id = next_id();
        made.name = name;
        made.status = status;
        made.labels = labels;
        made.network_mode = "default";
        return made;
    }

    /// How many calls begin with these words.
    std::size_t count(const std::string& beginning) const {
        return static_cast<std::size_t>(
            std::count_if(calls.begin(), calls.end(),
                          [&](const std::string& call) { return call.starts_with(beginning); }));
    }

    std::optional<engine::Container> find(const std::string& name) override {
        const Call call(*this, "find", {name});
        const auto* found = look_up(name);
        if (found == nullptr) return {};
        return *found;
    }

    std::vector<engine::Container> find_all(const std::vector<std::string>& names) override {
        const Call call(*this, "find_all", names);
        std::vector<engine::Container> found;
        for (const auto& name : names) {
            if (const auto* one = look_up(name)) found.push_back(*one);
        }
        return found;
    }

    std::map<std::string, std::string> states(const std::string& label) override {
        const Call call(*this, "states", {label});
        std::map<std::string, std::string> found;
        for (const auto& [name, one] : containers) {
            if (carries(one, label)) found[name] = one.status;
        }
        return found;
    }

    std::vector<std::string> ids(const std::vector<std::string>& labels, bool all) override {
        const Call call(*this, "ids", labels);
        std::vector<std::string> found;
        for (const auto& entry : containers) {
            const auto& one = entry.second;
            const bool wanted = std::all_of(labels.begin(), labels.end(),
                                            [&](const auto& label) { return carries(one, label); });
            if (wanted && (all || one.running())) found.push_back(one.id);
        }
        return found;
    }

    std::optional<engine::Image> image(const std::string& reference) override {
        const Call call(*this, "image", {reference});
        const auto found = images.find(reference);
        if (found == images.end()) return {};
        return found->second;
    }

    void pull(const std::string& reference) override {
        const Call call(*this, "pull", {reference});
        const auto found = registry.find(reference);
        if (found == registry.end()) throw Error{"cannot pull image '" + reference + "'"};
        images[reference] = found->second;
    }

    std::string create(const engine::Spec& spec) override {
        const Call call(*this, "create", {spec.name});
        if (look_up(spec.name) != nullptr) {
            throw Error{"cannot make container '" + spec.name + "': the name is taken"};
        }
        if (!spec.network.empty() && !is_builtin(spec.network)) need_network(spec.network);
        engine::Container& made = add(spec.name, "created", spec.labels);
        made.image = spec.image;
        if (const auto found = images.find(spec.image); found != images.end()) {
            made.image_id = found->second.id;
        }
        made.network_mode = spec.network.empty() ? "default" : spec.network;
        made.restart_policy = spec.restart;
        made.mounts = spec.mounts;
        made.ports = spec.ports;
        made.arguments = spec.arguments;
        made.environment = spec.environment;
        const std::string first = spec.network.empty() ? "bridge" : spec.network;
        made.networks.push_back({.network = first, .address = {}, .aliases = spec.aliases});
        specs[spec.name] = spec;
        return made.id;
    }

    void start(const std::string& container) override {
        const Call call(*this, "start", {container});
        run(need(container));
    }

    void stop(const std::string& container, std::chrono::seconds) override {
        const Call call(*this, "stop", {container});
        halt(need(container), 0);
    }

    void restart(const std::string& container, std::chrono::seconds) override {
        const Call call(*this, "restart", {container});
        run(need(container));
    }

    void unpause(const std::string& container) override {
        const Call call(*this, "unpause", {container});
        need(container).status = "running";
    }

    void remove(const std::string& container, bool volumes) override {
        const Call call(*this, "remove", {container, volumes ? "volumes" : ""});
        if (const auto* found = look_up(container)) containers.erase(std::string(found->name));
    }

    void rename(const std::string& container, const std::string& name) override {
        const Call call(*this, "rename", {container, name});
        engine::Container moved = need(container);
        if (look_up(name) != nullptr) {
            throw Error{"cannot rename container '" + container + "': the name is taken"};
        }
        containers.erase(moved.name);
        moved.name = name;
        containers[name] = std::move(moved);
    }

    void ensure_network(const std::string& network) override {
        const Call call(*this, "ensure_network", {network});
        networks.insert(network);
    }

    bool has_network(const std::string& network) override {
        const Call call(*this, "has_network", {network});
        return is_builtin(network) || networks.contains(network);
    }

    bool connect(const std::string& network, const std::string& container,
                 const std::vector<std::string>& aliases) override {
        std::vector<std::string> words = {network, container};
        words.insert(words.end(), aliases.begin(), aliases.end());
        const Call call(*this, "connect", words);
        need_network(network);
        engine::Container& joined = need(container);
        if (joined.on(network) != nullptr) return false;
        joined.networks.push_back({.network = network,
                                   .address = joined.running() ? next_address() : std::string{},
                                   .aliases = aliases});
        return true;
    }

    void disconnect(const std::string& network, const std::string& container) override {
        const Call call(*this, "disconnect", {network, container});
        if (auto* found = look_up(container)) {
            std::erase_if(found->networks, [&](const auto& end) { return end.network == network; });
        }
    }

    std::string last_lines(const std::string& container, int) override {
        const Call call(*this, "last_lines", {container});
        return lines[need(container).name];
    }

    int logs(const std::string& container, int, bool follow) override {
        const Call call(*this, "logs", {container, follow ? "follow" : ""});
        need(container);
        return 0;
    }

    int read_logs(const std::string& container, int count, bool follow,
                  const std::function<void(std::string_view)>& take) override {
        take(lines[container]);
        return logs(container, count, follow);
    }

    process::Command exec(const std::string& container, const std::vector<std::string>& words,
                          const engine::ExecOptions& options) override {
        std::vector<std::string> line = {container};
        line.insert(line.end(), words.begin(), words.end());
        const Call call(*this, "exec", line);
        process::Command command;
        command.argv = exec_prefix;
        if (!exec_prefix.empty()) {
            if (options.input) command.argv.emplace_back("--interactive");
            if (options.terminal) command.argv.emplace_back("--tty");
            if (!options.user.empty()) command.argv.push_back("--user=" + options.user);
            for (const auto& one : options.environment) command.argv.push_back("--env=" + one);
            command.argv.push_back(container);
        }
        command.argv.insert(command.argv.end(), words.begin(), words.end());
        return command;
    }

    process::Result run_once(const engine::Spec& spec) override {
        std::vector<std::string> line = {spec.image};
        for (const auto& mount : spec.mounts) line.push_back(mount.source + ":" + mount.target);
        line.insert(line.end(), spec.arguments.begin(), spec.arguments.end());
        const Call call(*this, "run_once", line);
        return once ? once(spec.arguments) : process::Result{};
    }

    process::Command throw_away(const engine::Spec& spec) override {
        const Call call(*this, "throw_away", {spec.image});
        return {.argv = spec.arguments};
    }

    process::Result run_in(const std::string& container, const std::vector<std::string>& words,
                           const std::string&) override {
        std::vector<std::string> line = {container};
        line.insert(line.end(), words.begin(), words.end());
        const Call call(*this, "run_in", line);
        need(container);
        if (in) return in(container, words);
        // the fake server has no TLS, which is asked for by psql in the container
        return {.out = words.front() == "psql" ? "off\n" : ""};
    }

private:
    // Logs a call, throws what the test wants, and calls `after` if the call was successful.
    class Call {
    public:
        Call(FakeEngine& fake, const std::string& verb, const std::vector<std::string>& words)
            : fake_(fake), line_(verb), exceptions_(std::uncaught_exceptions()) {
            for (const auto& word : words) {
                if (!word.empty()) line_ += " " + word;
            }
            fake_.calls.push_back(line_);
            if (fake_.before) fake_.before(line_);
            const auto failure = fake_.fail_on.find(verb);
            if (failure != fake_.fail_on.end()) throw Error{failure->second};
        }
        ~Call() {
            if (fake_.after && std::uncaught_exceptions() == exceptions_) fake_.after(line_);
        }
        Call(const Call&) = delete;
        Call& operator=(const Call&) = delete;

    private:
        FakeEngine& fake_;
        std::string line_;
        int exceptions_;
    };

    static bool is_builtin(const std::string& network) {
        return network == "bridge" || network == "default" || network == "host" ||
               network == "none";
    }

    static bool carries(const engine::Container& container, const std::string& label) {
        const auto equals = label.find('=');
        const auto found = container.labels.find(label.substr(0, equals));
        if (found == container.labels.end()) return false;
        return equals == std::string::npos || found->second == label.substr(equals + 1);
    }

    engine::Container* look_up(const std::string& name) {
        const auto found = containers.find(name);
        if (found != containers.end()) return &found->second;
        for (auto& [key, one] : containers) {
            if (one.id == name) return &one;
        }
        return nullptr;
    }

    engine::Container& need(const std::string& name) {
        if (auto* found = look_up(name)) return *found;
        throw Error{"no container '" + name + "'"};
    }

    void need_network(const std::string& network) {
        if (!networks.contains(network)) throw Error{"no network '" + network + "'"};
    }

    void run(engine::Container& container) {
        container.status = "running";
        container.started_at = "2026-01-01T00:00:" + std::to_string(10 + starts_++ % 50) + "Z";
        for (auto& end : container.networks) end.address = next_address();
        if (exits_with) halt(container, *exits_with);
    }

    static void halt(engine::Container& container, int code) {
        container.status = "exited";
        container.exit_code = code;
        for (auto& end : container.networks) end.address.clear();
    }

    std::string next_id() {
        const std::string digits = std::to_string(++made_);
        return std::string(64 - digits.size(), 'c') + digits;
    }

    std::string next_address() { return "172.31.0." + std::to_string(2 + addresses_++ % 250); }

    int made_ = 0;
    int starts_ = 0;
    int addresses_ = 0;
};

}  // namespace fakes
