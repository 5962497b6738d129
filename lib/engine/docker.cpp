// The engine over the docker client: one call of the client per request.
#include <algorithm>
#include <array>
#include <string_view>
#include <thread>

#include "engine/answers.h"
#include "engine/engine.h"
#include "engine/inspect.h"
#include "error/error.h"
#include "process/cancellation.h"

namespace engine {

namespace {

using Words = std::vector<std::string>;
using process::Result;

constexpr std::chrono::milliseconds turn{100};
constexpr std::chrono::seconds between_lines{10};
constexpr int client_failed = 125;  // of `docker run`: nothing was run

// The client would take an operand that begins with a dash for a flag.
const std::string& operand(const std::string& word) {
    if (word.empty() || word.front() == '-') {
        throw usage_error("'" + word + "' is not a name that Docker accepts");
    }
    return word;
}

// The engine also finds a container by any prefix of its id. We want exact names and ids, full or
// short.
bool is_exact_match(const Container& container, const std::string& name) {
    constexpr std::size_t short_id = 12;
    return container.name == name || container.id == name ||
           (name.size() >= short_id && container.id.starts_with(name));
}

// `--mount` is one line of CSV: a field with a comma or a quote has to be quoted.
std::string csv_field(const std::string& field) {
    if (field.find_first_of(",\"\n\r") == std::string::npos) return field;
    std::string quoted = "\"";
    for (const char one : field) {
        if (one == '"') quoted += '"';
        quoted += one;
    }
    return quoted + '"';
}

std::string mount_option(const Mount& mount) {
    const bool folder = mount.source.starts_with('/');
    std::string option = folder ? "type=bind" : "type=volume";
    option += "," + csv_field("source=" + mount.source) + "," + csv_field("target=" + mount.target);
    if (mount.read_only) option += ",readonly";
    return "--mount=" + option;
}

std::string publish_option(const Port& port) {
    std::string option = port.ip.find(':') == std::string::npos ? port.ip : "[" + port.ip + "]";
    if (!option.empty()) option += ":";
    if (port.host != 0) option += std::to_string(port.host);
    if (port.host != 0 || !port.ip.empty()) option += ":";
    return "--publish=" + option + std::to_string(port.container);
}

void append(Words& words, const Words& more) {
    words.insert(words.end(), more.begin(), more.end());
}

// Only user-defined networks have a name server and accept aliases.
bool is_user_defined(const std::string& network) {
    return !network.empty() && network != "bridge" && network != "default" && network != "host" &&
           network != "none" && !network.starts_with("container:");
}

class Docker : public Engine {
public:
    Docker(std::string client, std::chrono::seconds question)
        : client_(std::move(client)), question_(question) {}

    std::optional<Container> find(const std::string& name) override {
        auto found = find_all({name});
        if (found.empty()) return {};
        return std::move(found.front());
    }

    std::vector<Container> find_all(const Words& names) override {
        Words asked = names;
        std::sort(asked.begin(), asked.end());
        asked.erase(std::unique(asked.begin(), asked.end()), asked.end());
        if (asked.empty()) return {};
        Words words = {"container", "inspect"};
        for (const auto& name : asked) words.push_back(operand(name));
        const Result result = ask(words);
        // The client also fails for a missing container, which is no error here. It is one unless
        // missing containers explain it completely.
        const auto missing = count_missing(result.err, "container");
        if (result.timed_out || (result.status != 0 && missing == 0)) {
            fail("cannot look at containers", result);
        }
        auto found = read_containers(result.out);
        if (result.status != 0 && found.size() + missing < asked.size()) {
            fail("cannot look at containers", result);
        }
        std::erase_if(found, [&](const Container& one) {
            return std::none_of(asked.begin(), asked.end(),
                                [&](const auto& name) { return is_exact_match(one, name); });
        });
        // A container that was requested by name and by id comes twice.
        const auto by_id = [](const Container& a, const Container& b) { return a.id < b.id; };
        const auto same_id = [](const Container& a, const Container& b) { return a.id == b.id; };
        std::sort(found.begin(), found.end(), by_id);
        found.erase(std::unique(found.begin(), found.end(), same_id), found.end());
        return found;
    }

    std::map<std::string, std::string> states(const std::string& label) override {
        const Result result =
            expect("cannot list containers",
                   ask({"container", "ls", "--all", "--no-trunc", "--filter=label=" + label,
                        "--format={{.Names}}\t{{.State}}"}));
        return read_states(result.out);
    }

    Words ids(const Words& labels, bool all) override {
        Words words = {"container", "ls", "--quiet", "--no-trunc"};
        if (all) words.emplace_back("--all");
        for (const auto& label : labels) words.push_back("--filter=label=" + label);
        return lines_of(expect("cannot list containers", ask(words)).out);
    }

    std::optional<Image> image(const std::string& reference) override {
        const Result result = ask({"image", "inspect", operand(reference)});
        if (result.status != 0) {
            if (!result.timed_out && count_missing(result.err, "image") != 0) return {};
            fail("cannot look at image '" + reference + "'", result);
        }
        auto found = read_images(result.out);
        if (found.empty()) return {};
        return std::move(found.front());
    }

    void pull(const std::string& reference) override {
        const process::Command client = command({"image", "pull", operand(reference)});
        const std::string by_hand = "Try it by hand: docker image pull " + reference;
        const std::string what = "cannot pull image '" + reference + "'";
        if (pulling().drawn) {
            if (process::run_on(client, {.in = -1, .out = 2, .err = 2}) == 0) return;
            throw Error{what, "The lines above say why. " + by_hand};
        }
        const Result result = pull_unseen(client, reference);
        if (result.ok()) return;
        const std::string reason = last_message(result.err);
        throw Error{what + (reason.empty() ? "" : ": " + reason), by_hand};
    }

    std::string create(const Spec& spec) override {
        Words words = {"container", "create", "--pull=never", "--name=" + spec.name};
        append(words, options_of(spec));
        append(words, spec.options);
        words.push_back(operand(spec.image));
        append(words, spec.arguments);
        const Result result =
            expect("cannot make container '" + spec.name + "'", ask(words, change()));
        const auto lines = lines_of(result.out);
        if (lines.empty())
            throw Error{"cannot make container '" + spec.name + "': no id came back"};
        return lines.back();
    }

    void start(const std::string& container) override {
        expect("cannot start container '" + container + "'",
               ask({"container", "start", operand(container)}, change()));
    }

    void stop(const std::string& container, std::chrono::seconds patience) override {
        expect(
            "cannot stop container '" + container + "'",
            ask({"container", "stop", "-t", std::to_string(patience.count()), operand(container)},
                patience + change()));
    }

    void restart(const std::string& container, std::chrono::seconds patience) override {
        expect("cannot restart container '" + container + "'",
               ask({"container", "restart", "-t", std::to_string(patience.count()),
                    operand(container)},
                   patience + change()));
    }

    void unpause(const std::string& container) override {
        expect("cannot unpause container '" + container + "'",
               ask({"container", "unpause", operand(container)}, change()));
    }

    void remove(const std::string& container, bool volumes) override {
        Words words = {"container", "rm", "--force"};
        if (volumes) words.emplace_back("--volumes");
        words.push_back(operand(container));
        const Result result = ask(words, change());
        if (result.ok() || count_missing(result.err, "container") != 0) return;
        // Another process is removing it, perhaps a client that we killed: wait until it is gone.
        if (!contains(result.err, "already in progress") || !gone_within(container, change())) {
            fail("cannot remove container '" + container + "'", result);
        }
    }

    void rename(const std::string& container, const std::string& name) override {
        expect("cannot rename container '" + container + "' to '" + name + "'",
               ask({"container", "rename", operand(container), operand(name)}, change()));
    }

    // Engines up to 20.10 create a second network of the same name, so look first.
    void ensure_network(const std::string& network) override {
        if (has_network(network)) return;
        const Result result = ask({"network", "create", "--driver=bridge",
                                   "--label=dokku.plugin=postgres", operand(network)},
                                  change());
        if (result.ok() || contains(result.err, "already exists")) return;
        fail("cannot make network '" + network + "'", result);
    }

    bool has_network(const std::string& network) override {
        // The filter is a pattern, so it may find more networks.
        const Result result = expect(
            "cannot list networks",
            ask({"network", "ls", "--no-trunc", "--filter=name=" + network, "--format={{.Name}}"}));
        const auto names = lines_of(result.out);
        return std::find(names.begin(), names.end(), network) != names.end();
    }

    bool connect(const std::string& network, const std::string& container,
                 const Words& aliases) override {
        Words words = {"network", "connect"};
        for (const auto& alias : aliases) words.push_back("--alias=" + alias);
        append(words, {operand(network), operand(container)});
        const Result result = ask(words, change());
        if (result.ok()) return true;
        if (contains(result.err, "already exists in network")) return false;
        fail("cannot connect container '" + container + "' to network '" + network + "'", result);
    }

    void disconnect(const std::string& network, const std::string& container) override {
        const Result result =
            ask({"network", "disconnect", operand(network), operand(container)}, change());
        if (result.ok() || contains(result.err, "is not connected to")) return;
        if (count_missing(result.err, "container") != 0 || contains(result.err, " not found"))
            return;
        fail("cannot disconnect container '" + container + "' from network '" + network + "'",
             result);
    }

    std::string last_lines(const std::string& container, int count) override {
        process::Command logs =
            command({"container", "logs", "--tail=" + std::to_string(count), operand(container)},
                    question_);
        logs.merged = true;
        Result result = process::run(logs);
        if (!result.ok()) {
            result.err = result.out;
            fail("cannot read the log of container '" + container + "'", result);
        }
        return std::move(result.out);
    }

    // PostgreSQL logs to stderr. Both streams go to our stdout.
    int logs(const std::string& container, int count, bool follow) override {
        return process::run_on(logs_command(container, count, follow),
                               {.in = -1, .out = 1, .err = 1});
    }

    int read_logs(const std::string& container, int count, bool follow,
                  const std::function<void(std::string_view)>& take) override {
        auto logs = logs_command(container, count, follow);
        logs.merged = true;
        process::Drain reading{logs};
        reading.watch(process::check_cancelled, std::chrono::seconds{1});
        std::array<char, 16384> block{};
        for (auto size = reading.read(block.data(), block.size()); size > 0;
             size = reading.read(block.data(), block.size()))
            take({block.data(), size});
        return reading.finish().status;
    }

    process::Command exec(const std::string& container, const Words& words,
                          const ExecOptions& options) override {
        Words all = {"container", "exec"};
        if (options.input) all.emplace_back("--interactive");
        if (options.terminal) all.emplace_back("--tty");
        if (!options.user.empty()) all.push_back("--user=" + options.user);
        for (const auto& variable : options.environment) all.push_back("--env=" + variable);
        all.push_back(operand(container));
        append(all, words);
        return command(all);
    }

    Result run_once(const Spec& spec) override {
        Result result = process::run(once(spec, {}));
        if (result.status == client_failed) fail("cannot run image '" + spec.image + "'", result);
        return result;
    }

    process::Command throw_away(const Spec& spec) override { return once(spec, {"--interactive"}); }

    Result run_in(const std::string& container, const Words& words,
                  const std::string& user) override {
        process::Command command = exec(container, words, {.user = user});
        command.limit = question_;
        return process::run(command);
    }

private:
    process::Command logs_command(const std::string& container, int count, bool follow) const {
        Words words = {"container", "logs"};
        if (count >= 0) words.push_back("--tail=" + std::to_string(count));
        if (follow) words.emplace_back("--follow");
        words.push_back(operand(container));
        return command(words);
    }

    process::Command once(const Spec& spec, const Words& options) const {
        if (spec.arguments.empty()) throw std::logic_error("no words for a container");
        Words words = {"container",
                       "run",
                       "--rm",
                       "--pull=never",
                       "--user=0:0",
                       "--name=" + spec.name,
                       "--entrypoint=" + spec.arguments.front()};
        append(words, options);
        append(words, options_of(spec));
        words.push_back(operand(spec.image));
        words.insert(words.end(), spec.arguments.begin() + 1, spec.arguments.end());
        return command(words);
    }

    // Without the hints that newer clients print after their messages.
    process::Command command(const Words& words,
                             std::optional<std::chrono::milliseconds> limit = {}) const {
        process::Command one{
            .argv = {client_}, .environment = {{"DOCKER_CLI_HINTS", "false"}}, .limit = limit};
        append(one.argv, words);
        return one;
    }

    Result pull_unseen(const process::Command& client, const std::string& reference) const {
        const auto begun = std::chrono::steady_clock::now();
        auto told = begun;
        process::Feed running{client};
        running.watch([&] {
            const auto now = std::chrono::steady_clock::now();
            if (!pulling().told || now - told < between_lines) return;
            told = now;
            pulling().told(reference,
                           std::chrono::duration_cast<std::chrono::seconds>(now - begun));
        });
        return running.finish();
    }

    // If the engine did not answer in time, the next request first checks whether it answers at
    // all: undoing a command takes many requests, and each would wait for the timeout.
    Result ask(const Words& words) const { return ask(words, question_); }
    Result ask(const Words& words, std::chrono::seconds limit) const {
        if (hung_) {
            auto sign = process::run(command(version_words(), hello()));
            if (sign.timed_out) return sign;
        }
        auto result = process::run(command(words, limit));
        hung_ = result.timed_out;
        return result;
    }

    static Words version_words() { return {"version", "--format={{.Server.Version}}"}; }

    static Words options_of(const Spec& spec) {
        Words words;
        if (!spec.hostname.empty()) words.push_back("--hostname=" + spec.hostname);
        for (const auto& [key, value] : spec.labels)
            words.push_back("--label=" + key + "=" + value);
        if (!spec.env_file.empty()) words.push_back("--env-file=" + spec.env_file);
        for (const auto& variable : spec.environment) words.push_back("--env=" + variable);
        for (const auto& mount : spec.mounts) words.push_back(mount_option(mount));
        for (const auto& port : spec.ports) words.push_back(publish_option(port));
        if (!spec.network.empty()) words.push_back("--network=" + spec.network);
        if (is_user_defined(spec.network)) {
            for (const auto& alias : spec.aliases) words.push_back("--network-alias=" + alias);
        }
        if (!spec.restart.empty()) words.push_back("--restart=" + spec.restart);
        if (!spec.memory.empty()) words.push_back("--memory=" + spec.memory);
        if (!spec.shm.empty()) words.push_back("--shm-size=" + spec.shm);
        if (spec.confined) {
            words.insert(words.end(), {"--security-opt=no-new-privileges", "--cap-drop=ALL"});
            for (const auto* right : {"CHOWN", "DAC_OVERRIDE", "FOWNER", "SETGID", "SETUID"})
                words.push_back(std::string("--cap-add=") + right);
        }
        return words;
    }

    bool gone_within(const std::string& container, std::chrono::seconds patience) {
        const auto end = std::chrono::steady_clock::now() + patience;
        while (find(container)) {
            if (std::chrono::steady_clock::now() >= end) return false;
            std::this_thread::sleep_for(turn);
        }
        return true;
    }

    Result expect(const std::string& what, Result result) const {
        if (!result.ok()) fail(what, result);
        return result;
    }

    [[noreturn]] void fail(const std::string& what, const Result& result) const {
        if (result.timed_out) {
            throw Error{"the Docker engine does not answer in time: " + what,
                        "Is it overloaded? `docker info` and `journalctl -u docker` tell more.",
                        Exit::timed_out};
        }
        // Without a message from the engine, the client may not have reached it.
        if (result.err.find(from_engine) == std::string::npos) explain_silence();
        const std::string reason = last_message(result.err);
        // The first is the kernel's message for it, the others are the engine's.
        if (contains(reason, "exchange full") || contains(reason, "no available IPv4 addresses") ||
            contains(reason, "no available addresses")) {
            throw Error{what + ": the network is full",
                        "A Linux bridge takes 1,023 containers; stop or remove some of those "
                        "on it. The engine said: " +
                            reason};
        }
        throw Error{what + (reason.empty() ? std::string{} : ": " + reason)};
    }

    // Asks the engine for its version: the exit code is more reliable than a message.
    void explain_silence() const {
        const Result result = ask(version_words(), hello());
        if (result.ok()) return;
        throw Error{"the Docker engine does not answer",
                    result.timed_out || last_message(result.err).empty()
                        ? "Is it running? `systemctl status docker` tells."
                        : "Is it running? The client says: " + last_message(result.err)};
    }

    // A healthy engine answers a query at once; a change may wait for a slow disk.
    std::chrono::seconds change() const { return 3 * question_; }
    std::chrono::seconds hello() const { return std::max(question_ / 4, std::chrono::seconds{1}); }

    std::string client_;
    std::chrono::seconds question_;
    mutable bool hung_ = false;
};

}  // namespace

std::unique_ptr<Engine> docker(const std::string& client, std::chrono::seconds question) {
    return std::make_unique<Docker>(client, question);
}

}  // namespace engine
