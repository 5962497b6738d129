// Parses the output of `docker inspect`. What an engine leaves out or sets to null is empty here.
#include "engine/inspect.h"

#include <algorithm>
#include <boost/json.hpp>
#include <charconv>

#include "error/error.h"

namespace engine {

namespace json = boost::json;

namespace {

// The member at that path, null if any step is missing: engines differ in what they leave out.
const json::value& at(const json::value& value, std::initializer_list<std::string_view> path) {
    static const json::value nothing;
    const json::value* here = &value;
    for (const auto step : path) {
        const auto* object = here->if_object();
        const auto* next =
            object == nullptr ? nullptr : object->if_contains({step.data(), step.size()});
        if (next == nullptr) return nothing;
        here = next;
    }
    return *here;
}

std::string text(const json::value& value) {
    const auto* found = value.if_string();
    return found == nullptr ? std::string{} : std::string{found->data(), found->size()};
}

long number(const json::value& value) {
    if (const auto* found = value.if_int64()) return static_cast<long>(*found);
    if (const auto* found = value.if_uint64()) return static_cast<long>(*found);
    return 0;
}

bool yes(const json::value& value) {
    const auto* found = value.if_bool();
    return found != nullptr && *found;
}

const json::object& object(const json::value& value) {
    static const json::object nothing;
    const auto* found = value.if_object();
    return found == nullptr ? nothing : *found;
}

const json::array& array(const json::value& value) {
    static const json::array nothing;
    const auto* found = value.if_array();
    return found == nullptr ? nothing : *found;
}

std::string key(const json::key_value_pair& pair) { return std::string{pair.key()}; }

std::vector<std::string> texts(const json::value& value) {
    std::vector<std::string> found;
    for (const auto& one : array(value)) found.push_back(text(one));
    return found;
}

// `5432/tcp` as well as `5432`
int port(const std::string& words) {
    int value = 0;
    std::from_chars(words.data(), words.data() + words.size(), value);
    return value;
}

std::vector<Port> ports(const json::value& bindings) {
    std::vector<Port> found;
    for (const auto& pair : object(bindings)) {
        for (const auto& binding : array(pair.value())) {
            Port one{.ip = text(at(binding, {"HostIp"})),
                     .host = port(text(at(binding, {"HostPort"}))),
                     .container = port(key(pair))};
            // every address; listed once for IPv4 and once for IPv6
            if (one.ip == "0.0.0.0" || one.ip == "::") one.ip.clear();
            const bool known = std::any_of(found.begin(), found.end(), [&](const Port& other) {
                return other.ip == one.ip && other.host == one.host &&
                       other.container == one.container;
            });
            if (!known) found.push_back(one);
        }
    }
    return found;
}

std::vector<Mount> mounts(const json::value& list) {
    std::vector<Mount> found;
    for (const auto& one : array(list)) {
        const bool volume = text(at(one, {"Type"})) == "volume";
        found.push_back({.source = text(at(one, {volume ? "Name" : "Source"})),
                         .target = text(at(one, {"Destination"})),
                         .read_only = !yes(at(one, {"RW"}))});
    }
    return found;
}

// Not the address at the top level, which newer engines do not have.
std::vector<Endpoint> endpoints(const json::value& networks) {
    std::vector<Endpoint> found;
    for (const auto& pair : object(networks)) {
        found.push_back({.network = key(pair),
                         .address = text(at(pair.value(), {"IPAddress"})),
                         .aliases = texts(at(pair.value(), {"Aliases"}))});
    }
    return found;
}

Container container(const json::value& value) {
    Container one;
    one.id = text(at(value, {"Id"}));
    one.name = text(at(value, {"Name"}));
    if (one.name.starts_with('/')) one.name.erase(0, 1);
    one.image = text(at(value, {"Config", "Image"}));
    one.image_id = text(at(value, {"Image"}));
    one.status = text(at(value, {"State", "Status"}));
    one.exit_code = static_cast<int>(number(at(value, {"State", "ExitCode"})));
    one.started_at = text(at(value, {"State", "StartedAt"}));
    one.network_mode = text(at(value, {"HostConfig", "NetworkMode"}));
    one.restart_policy = text(at(value, {"HostConfig", "RestartPolicy", "Name"}));
    one.networks = endpoints(at(value, {"NetworkSettings", "Networks"}));
    one.mounts = mounts(at(value, {"Mounts"}));
    // The bound ports include those that the engine chose. A container that does not run has only
    // the requested ones.
    one.ports = ports(at(value, {"NetworkSettings", "Ports"}));
    if (one.ports.empty()) one.ports = ports(at(value, {"HostConfig", "PortBindings"}));
    for (const auto& pair : object(at(value, {"Config", "Labels"}))) {
        one.labels[key(pair)] = text(pair.value());
    }
    one.arguments = texts(at(value, {"Config", "Cmd"}));
    one.environment = texts(at(value, {"Config", "Env"}));
    one.memory = number(at(value, {"HostConfig", "Memory"}));
    one.shm = number(at(value, {"HostConfig", "ShmSize"}));
    return one;
}

Image image(const json::value& value) {
    Image one;
    one.id = text(at(value, {"Id"}));
    for (const auto& line : texts(at(value, {"Config", "Env"}))) {
        const auto equals = line.find('=');
        if (equals != std::string::npos) {
            one.environment[line.substr(0, equals)] = line.substr(equals + 1);
        }
    }
    for (const auto& pair : object(at(value, {"Config", "Volumes"}))) {
        one.volumes.push_back(key(pair));
    }
    for (const auto& pair : object(at(value, {"Config", "Labels"}))) {
        one.labels[key(pair)] = text(pair.value());
    }
    return one;
}

json::array parse(std::string_view words) {
    boost::system::error_code error;
    const json::value value = json::parse({words.data(), words.size()}, error);
    if (error || !value.is_array()) {
        throw Error{"cannot read what the Docker client prints",
                    "DOCKER_BIN must be a Docker client; does its `inspect` print JSON?"};
    }
    return value.get_array();
}

}  // namespace

std::string Container::variable(std::string_view key) const {
    for (const auto& entry : environment) {
        if (entry.size() > key.size() && entry.starts_with(key) && entry[key.size()] == '=')
            return entry.substr(key.size() + 1);
    }
    return {};
}

std::optional<Container> named(const std::vector<Container>& containers, const std::string& name) {
    for (const auto& container : containers) {
        if (container.name == name) return container;
    }
    return {};
}

const Endpoint* Container::on(const std::string& network) const {
    const auto found = std::find_if(networks.begin(), networks.end(),
                                    [&](const Endpoint& end) { return end.network == network; });
    return found == networks.end() ? nullptr : &*found;
}

std::vector<Container> read_containers(std::string_view words) {
    std::vector<Container> found;
    for (const auto& value : parse(words)) found.push_back(container(value));
    return found;
}

std::vector<Image> read_images(std::string_view words) {
    std::vector<Image> found;
    for (const auto& value : parse(words)) found.push_back(image(value));
    return found;
}

}  // namespace engine
