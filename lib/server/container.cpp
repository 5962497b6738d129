// From record to container, and what an old container alone knows.

#include "server/container.h"

#include <algorithm>
#include <charconv>
#include <filesystem>
#include <iterator>
#include <sstream>

#include "error/error.h"
#include "host/log.h"
#include "pg/majors.h"
#include "server/linked_apps.h"
#include "server/identity.h"
#include "server/network.h"
#include "server/notices.h"
#include "server/settle.h"
#include "service/settings_table.h"
#include "service/shell_words.h"
#include "state/files.h"

namespace server {

namespace fs = std::filesystem;

namespace {

const std::string& our_network() {
    static const std::string name(service::network);
    return name;
}

std::string value_of(const engine::Image& image, const std::string& key) {
    const auto found = image.environment.find(key);
    return found == image.environment.end() ? std::string{} : found->second;
}

int leading_number(std::string_view text) {
    int number = 0;
    std::from_chars(text.data(), text.data() + text.size(), number);
    return number;
}

// 0 when the image does not tell.
int told_major(const engine::Image& image) {
    for (const auto* key : {"PG_MAJOR", "PG_VERSION"}) {
        if (const int number = leading_number(value_of(image, key)); number > 0) return number;
    }
    for (const auto& part : fs::path(value_of(image, "PGDATA"))) {
        if (const int number = leading_number(part.string()); number > 0) return number;
    }
    return 0;
}

bool is_within(std::string_view path, std::string_view folder) {
    return path == folder || (path.starts_with(folder) && path[folder.size()] == '/');
}

std::string data_source(const service::Service& service) {
    return (service.host_folder / "data").string();
}

std::string old_data_target(const service::Service& service,
                            const std::optional<engine::Container>& old) {
    if (!old) return {};
    for (const auto& mount : old->mounts) {
        if (mount.source == data_source(service)) return mount.target;
    }
    return {};
}

// Where data that are there already lie: nothing when there are none, or nobody can tell.
std::string present_data_target(const service::Service& service,
                                const std::optional<engine::Container>& old) {
    const fs::path data = service.folder / "data";
    std::error_code failed;
    fs::directory_iterator entries(data, failed);
    if (failed == std::errc::permission_denied || fs::exists(data / "PG_VERSION", failed)) {
        // The server's own folder. Only an image with a place of its own has it elsewhere.
        const auto target = old_data_target(service, old);
        return target.empty() || target == "/var/lib/postgresql" ? "/var/lib/postgresql/data"
                                                                 : target;
    }
    for (; !failed && entries != fs::directory_iterator(); entries.increment(failed)) {
        std::error_code unreadable;
        if (leading_number(entries->path().filename().string()) > 0 &&
            fs::is_directory(entries->path() / "docker", unreadable)) {
            return "/var/lib/postgresql";
        }
    }
    return {};
}

std::string data_target(const service::Service& service, const service::Record& record,
                        const engine::Image& image, const std::optional<engine::Container>& old) {
    if (!record.data_target.empty()) return record.data_target;
    if (auto target = present_data_target(service, old); !target.empty()) return target;
    if (auto target = old_data_target(service, old); !target.empty()) return target;
    return data_target_of(image, told_major(image));
}

std::string reference_of(const service::Service& service, const service::Record& record,
                         const std::optional<engine::Container>& old) {
    if (!record.image.empty()) return record.reference();
    if (old && !old->image.empty()) return old->image;
    throw Error{"nothing tells which image service '" + service.name + "' runs on",
                "Name it: dokku postgres:upgrade " + service.name +
                    " --image postgres --image-version MAJOR"};
}

// Files of ours in run/: single mounts, so that the folder itself can stay closed.
void give_own_files(const service::Service& service, const service::Record& record,
                    engine::Spec& spec) {
    const auto source = service.host_folder / "run";
    const std::string target = "/run/dokku-postgres/";
    for (const std::string file : {"password", "server.key", "server.crt"}) {
        spec.mounts.push_back(
            {.source = (source / file).string(), .target = target + file, .read_only = true});
    }
    spec.mounts.push_back({.source = (source / "tls.sh").string(),
                           .target = "/docker-entrypoint-initdb.d/00-dokku-postgres-tls.sh",
                           .read_only = true});
    spec.environment = {"POSTGRES_PASSWORD_FILE=" + target + "password",
                        "POSTGRES_DB=" + record.database,
                        // an image may say `trust`
                        "POSTGRES_HOST_AUTH_METHOD=scram-sha-256"};
}

bool is_volume(const engine::Mount& mount) { return !mount.source.starts_with('/'); }

bool has_target(const std::vector<service::Volume>& volumes, const std::string& target) {
    return std::any_of(volumes.begin(), volumes.end(),
                       [&](const service::Volume& volume) { return volume.target == target; });
}

// The official plugin's second generation hands the certificate over by a mount and by options.
void give_official_certificate(const service::Service& service, engine::Spec& spec) {
    std::error_code unreadable;
    if (!fs::exists(service.file("DEFINITION"), unreadable) ||
        !fs::exists(service.file("certs") / "server.crt", unreadable)) {
        return;
    }
    spec.mounts.push_back({.source = (service.host_folder / "certs").string(), .target = "/certs"});
    spec.arguments.insert(spec.arguments.begin(),
                          {"-c", "ssl=on", "-c", "ssl_cert_file=/certs/server.crt", "-c",
                           "ssl_key_file=/certs/server.key"});
}

// What the official plugin's second generation lets a service say about its container.
void give_official_properties(const service::Service& service, engine::Spec& spec) {
    std::error_code unreadable;
    if (!fs::exists(service.file("DEFINITION"), unreadable)) return;
    const auto property = [&](const char* key) {
        return service.dokku().property(service.name, key);
    };
    if (const auto driver = property("log-driver"); !driver.empty()) {
        spec.options.push_back("--log-driver=" + driver);
    }
    if (const auto option = property("log-opt"); !option.empty()) {
        spec.options.push_back("--log-opt=" + option);
    }
    if (const auto restart = property("restart-policy"); !restart.empty()) spec.restart = restart;
}

// The official plugin splits at spaces alone, and must have got along with what it wrote.
std::vector<std::string> words_of(const service::Record& record) {
    try {
        return service::split_words(record.config_options);
    } catch (const Error&) {
        if (record.own_files) throw;
        std::istringstream text(record.config_options);
        return {std::istream_iterator<std::string>(text), {}};
    }
}

// The old container's words, its own options replaced by those of the record.
std::vector<std::string> kept_arguments(const service::Record& present,
                                        const service::Record& record,
                                        const engine::Container& old) {
    const auto was = words_of(present);
    auto now = words_of(record);
    auto kept = old.arguments;
    if (was == now && (was.empty() || !kept.empty())) return kept;
    if (kept.size() < was.size() || !std::equal(was.rbegin(), was.rend(), kept.rbegin())) {
        return now;
    }
    kept.resize(kept.size() - was.size());
    // The image's own command, which any words of ours replace.
    if (kept == std::vector<std::string>{"postgres"}) kept.clear();
    kept.insert(kept.end(), now.begin(), now.end());
    return kept;
}

// An image that has another place for the data would find it empty and begin a new database there.
void keep_data_folder(const service::Record& record, const engine::Image& image,
                      engine::Spec& spec) {
    if (!record.data_folder.empty() && record.data_folder != data_folder_of(image))
        spec.environment.push_back("PGDATA=" + record.data_folder);
}

// Mounts that only the old container knows of: all of an adopted one's, and volumes that the engine
// made for the image.
void keep_mounts(const engine::Container& old, const service::Service& service,
                 const service::Record& present, const service::Record& record,
                 engine::Spec& spec) {
    for (const auto& mount : old.mounts) {
        const bool is_data = mount.source == data_source(service);
        const bool is_placed =
            std::any_of(spec.mounts.begin(), spec.mounts.end(),
                        [&](const auto& one) { return one.target == mount.target; });
        const bool is_operators =
            has_target(present.volumes, mount.target) || has_target(record.volumes, mount.target);
        const bool is_kept = !record.own_files || is_volume(mount);
        if (is_kept && !is_data && !is_placed && !is_operators) spec.mounts.push_back(mount);
    }
}

bool is_users_own(const std::string& name) {
    return !name.empty() && name != "bridge" && name != "default" && name != "host" &&
           name != "none" && !name.starts_with("container:");
}

bool can_join(const engine::Container& container) {
    return container.network_mode != "host" && container.network_mode != "none" &&
           !container.network_mode.starts_with("container:");
}

bool is_ours(const service::Service& service, const engine::Container& container) {
    const auto label = [&](const char* key) {
        const auto found = container.labels.find(key);
        return found == container.labels.end() ? std::string{} : found->second;
    };
    return (label("dokku") == "service" && label("dokku.service") == "postgres") ||
           !old_data_target(service, container).empty();
}

std::vector<std::string> aliases_of(const service::Service& service) {
    return {service.host(), service.container()};
}

// Where a failure comes from a network that the settings name and that is gone: throws what names
// the setting. Most engines notice that only when the container starts.
void check_networks_are_there(const service::Service& service, const service::Record& record) {
    for (const auto& row : service::setting_rows) {
        if (row.networks == nullptr) continue;
        for (const auto& name : record.*row.networks) {
            if (!is_users_own(name) || name == our_network() || service.engine().has_network(name))
                continue;
            throw Error{"network '" + name + "' of service '" + service.name + "' is gone",
                        "Make it again: dokku network:create " + name +
                            "\nOr clear the setting: dokku postgres:set " + service.name + " " +
                            std::string{row.name}};
        }
    }
}

// `joined` is what the container is on already: an engine takes the same network twice ill.
void connect_further(const service::Service& service, const std::vector<std::string>& names,
                     std::vector<std::string>& joined, const std::string& container) {
    for (const auto& name : names) {
        if (std::find(joined.begin(), joined.end(), name) != joined.end()) continue;
        const bool has_names = is_users_own(name);
        service.engine().connect(name, container,
                                 has_names ? aliases_of(service) : std::vector<std::string>{});
        joined.push_back(name);
    }
}

// Whether linked apps find the container under the name that their URLs have.
bool is_named(const service::Service& service, const engine::Container& container) {
    const auto* end = container.on(our_network());
    return end != nullptr && std::find(end->aliases.begin(), end->aliases.end(), service.host()) !=
                                 end->aliases.end();
}

engine::Container make_again(const service::Service& service,
                             const std::optional<engine::Container>& old,
                             const std::string& image_id = {}) {
    auto record = service::read_record(service);
    if (old) {
        check_data_outlive(service, *old);
        learn_from(*old, record);
    }
    const bool left_some = !record.former_networks.empty();
    record.former_networks.clear();  // the new container is on none of them
    const auto image = image_id.empty() ? std::nullopt : service.engine().image(image_id);
    auto spec = image ? spec_of(service, record, old, *image) : spec_of(service, record, old);
    if (image) pin_image(service, spec, image_id);
    if (old || left_some) service::write_record(service, record);
    if (old) service.engine().remove(old->id, false);
    return make_container(service, record, spec);
}

// A container that cannot be started as it is (a network of it is gone, ..) is made again.
engine::Container start_again(const service::Service& service, const engine::Container& container) {
    try {
        settle_networks(service, container);
        service.engine().start(container.id);
    } catch (const Error& problem) {
        host::debug(problem.what());
        return make_again(service, container);
    }
    return service.engine().find(container.id).value_or(container);
}

// Whatever its state; `container` is the present one.
engine::Container bring_up_from(const service::Service& service,
                                const std::optional<engine::Container>& container,
                                const std::string& image_id = {}) {
    if (!container) {
        host::verbose("Making the container of " + service.name + " again");
        return make_again(service, {}, image_id);
    }
    if (!is_ours(service, *container)) {
        throw Error{
            "container '" + container->name + "' is not the one of service '" + service.name + "'",
            "Rename or remove it; the service's own is then made again."};
    }
    const auto& status = container->status;
    if (status == "running" || status == "restarting") {
        if (is_named(service, *container)) return *container;
        join_our_network(service, *container);
        return service.engine().find(container->id).value_or(*container);
    }
    if (status == "paused") {
        service.engine().unpause(container->id);
        return service.engine().find(container->id).value_or(*container);
    }
    if (status == "exited") return start_again(service, *container);
    // Killed between its making and its joining of networks, or on its way out.
    return make_again(service, container, image_id);
}

engine::Container join_and_start(const service::Service& service, const service::Record& record,
                                 const engine::Spec& spec, const std::string& id) {
    state::write_file(service.file("ID"), id, state::plain);
    std::vector<std::string> joined = {spec.network.empty() ? "bridge" : spec.network};
    connect_further(service, {our_network()}, joined, id);
    connect_further(service, record.post_create_network, joined, id);
    service.engine().start(id);
    connect_further(service, record.post_start_network, joined, id);
    auto container = service.engine().find(id);
    if (!container) throw Error{"the container of '" + service.name + "' went away at once"};
    return *container;
}

// With the volumes that the image asks for, never with one that was there before.
void remove_failed(const service::Service& service, const engine::Spec& spec,
                   const std::string& id) {
    const bool with_volumes = std::none_of(spec.mounts.begin(), spec.mounts.end(), is_volume);
    try {
        service.engine().remove(id, with_volumes);
    } catch (const std::exception& problem) {
        host::warn(problem.what());
    }
}

engine::Container make_and_start(const service::Service& service, const service::Record& record,
                                 const engine::Spec& spec) {
    ensure_network(service.context());
    forget_identity(service);
    const std::string id = service.engine().create(spec);
    try {
        return join_and_start(service, record, spec, id);
    } catch (...) {
        remove_failed(service, spec, id);
        throw;
    }
}

}  // namespace

engine::Image image_of(const service::Context& context, const std::string& reference) {
    if (auto image = context.engine.image(reference)) return *image;
    if (context.environment.disable_pull) {
        throw Error{"image '" + reference + "' is not on this host",
                    "POSTGRES_DISABLE_PULL is set. Get it by: docker image pull " + reference};
    }
    host::verbose("Pulling image " + reference);
    context.engine.pull(reference);
    if (auto image = context.engine.image(reference)) return *image;
    throw Error{"image '" + reference + "' was pulled and is not there"};
}

int major_of(const engine::Image& image, const std::string& reference) {
    const int number = told_major(image);
    if (number == 0) {
        throw Error{"image '" + reference + "' does not tell which PostgreSQL it holds",
                    "A compatible image has PG_MAJOR in its environment, as the official one has."};
    }
    if (pg::find_major(number) == nullptr) {
        throw Error{"image '" + reference + "' holds PostgreSQL " + std::to_string(number) +
                        ", which is not supported",
                    "Supported are " + std::to_string(pg::oldest_major.number) + " to " +
                        std::to_string(pg::newest_major.number) + "."};
    }
    return number;
}

std::string other_major(const service::Service& service, int present, const std::string& reference,
                        int held) {
    return "the data of '" + service.name + "' belong to PostgreSQL " + std::to_string(present) +
           ", the image " + reference + " is PostgreSQL " + std::to_string(held);
}

std::string data_target_of(const engine::Image& image, int major) {
    std::string data = data_folder_of(image);
    for (const auto& volume : image.volumes) {
        if (!data.empty() && is_within(data, volume)) return volume;
    }
    const auto* row = pg::find_major(major);
    std::string usual(row != nullptr ? row->data_target : pg::oldest_major.data_target);
    if (data.empty() || is_within(data, usual)) return usual;
    return data;
}

std::string data_folder_of(const engine::Image& image) { return value_of(image, "PGDATA"); }

engine::Spec spec_of(const service::Service& service, const service::Record& record,
                     const std::optional<engine::Container>& old) {
    const std::string reference = reference_of(service, record, old);
    const auto image = image_of(service.context(), reference);
    // A tag may be another major since the data were made.
    const int held = told_major(image);
    if (record.major != 0 && held != 0 && held != record.major)
        throw Error{other_major(service, record.major, reference, held),
                    "Name one of that major: dokku postgres:upgrade " + service.name +
                        " --image-version " + std::to_string(record.major),
                    Exit::refused};
    return spec_of(service, record, old, image);
}

engine::Spec spec_of(const service::Service& service, const service::Record& record,
                     const std::optional<engine::Container>& old, const engine::Image& image) {
    engine::Spec spec;
    spec.name = service.container();
    spec.hostname = service.container();
    spec.image = reference_of(service, record, old);
    spec.labels = {{"dokku", "service"}, {"dokku.service", "postgres"}};
    const auto target = data_target(service, record, image, old);
    spec.mounts = {{.source = data_source(service), .target = target}};
    if (state::read_trimmed(service.file("ENV"))) spec.env_file = service.file("ENV").string();
    if (!record.memory.empty()) spec.memory = record.memory + "m";
    spec.shm = record.shm_size;
    spec.confined = true;
    if (!record.initial_network.empty()) spec.network = record.initial_network.front();
    if (is_users_own(spec.network)) spec.aliases = aliases_of(service);
    spec.arguments = words_of(record);
    if (record.own_files) give_own_files(service, record, spec);
    if (old) {
        const service::Record present = service::read_record(service);
        keep_mounts(*old, service, present, record, spec);
        if (!record.own_files) spec.arguments = kept_arguments(present, record, *old);
    } else if (!record.own_files) {
        give_official_certificate(service, spec);
    }
    if (!record.own_files) give_official_properties(service, spec);
    keep_data_folder(record, image, spec);
    for (const auto& volume : record.volumes) {
        spec.mounts.push_back({volume.source, volume.target, volume.read_only});
    }
    return spec;
}

engine::Spec helper_of(const service::Service& service, const std::string& image) {
    engine::Spec spec;
    spec.name = service.helper();
    spec.image = image;
    spec.labels = {{helper_label, "postgres"}};
    spec.network = "none";
    spec.restart = {};
    return spec;
}

void check_data_outlive(const service::Service& service, const engine::Container& container) {
    const std::string folder = container.variable("PGDATA");
    const bool is_mounted =
        std::any_of(container.mounts.begin(), container.mounts.end(),
                    [&](const auto& mount) { return is_within(folder, mount.target); });
    if (folder.empty() || is_mounted) return;
    throw Error{"the data of '" + service.name + "' lie in its container alone, in " + folder +
                    ", and would go with it",
                "Copy them into a new service first: dokku postgres:clone " + service.name + " NEW",
                Exit::refused};
}

void learn_from(const engine::Container& container, service::Record& record) {
    if (record.data_folder.empty()) record.data_folder = container.variable("PGDATA");
    for (const auto& mount : container.mounts) {
        if (is_volume(mount) && !has_target(record.volumes, mount.target))
            record.volumes.push_back({mount.source, mount.target, mount.read_only});
    }
}

std::optional<engine::Container> container_of(const service::Service& service) {
    return service.engine().find(service.container());
}

engine::Container make_container(const service::Service& service, const service::Record& record,
                                 const engine::Spec& spec) {
    try {
        return make_and_start(service, record, spec);
    } catch (const Error&) {
        check_networks_are_there(service, record);
        throw;
    }
}

void pin_image(const service::Service& service, engine::Spec& spec, const std::string& image_id) {
    const auto tagged = service.engine().image(spec.image);
    if (!image_id.empty() && (!tagged || tagged->id != image_id)) spec.image = image_id;
}

engine::Container bring_up(const service::Service& service) {
    settle(service);
    return bring_up_from(service, container_of(service));
}

engine::Container bring_up_as_recorded(const service::Service& service,
                                       const std::string& image_id) {
    return bring_up_from(service, container_of(service), image_id);
}

engine::Container wake(const service::Service& service) {
    settle(service);
    const auto before = container_of(service);
    auto container = bring_up_from(service, before);
    const bool was_up = before && (before->status == "running" || before->status == "restarting");
    if (!was_up) say_started(service);
    return container;
}

void join_our_network(const service::Service& service, const engine::Container& container) {
    if (!can_join(container)) {
        host::warn("service '" + service.name + "' is on network '" + container.network_mode +
                   "' and cannot join ours: linked apps do not reach it by name");
        return;
    }
    if (!is_named(service, container)) {
        ensure_network(service.context());
        // Joined by somebody else, without the name that the URLs use.
        if (container.on(our_network()) != nullptr) {
            service.engine().disconnect(our_network(), container.id);
        }
        service.engine().connect(our_network(), container.id, aliases_of(service));
        join_linked_apps(service);
    }
}

void settle_networks(const service::Service& service, const engine::Container& container) {
    join_our_network(service, container);
    if (!can_join(container)) return;
    auto record = service::read_record(service);
    for (const auto& name : record.former_networks) {
        const bool stays = name == our_network() || name == container.network_mode;
        if (!stays && container.on(name) != nullptr)
            service.engine().disconnect(name, container.id);
    }
    std::vector<std::string> joined = {our_network()};
    for (const auto& end : container.networks) joined.push_back(end.network);
    try {
        connect_further(service, record.post_create_network, joined, container.id);
        connect_further(service, record.post_start_network, joined, container.id);
    } catch (const Error&) {
        check_networks_are_there(service, record);
        throw;
    }
    if (record.former_networks.empty()) return;
    record.former_networks.clear();
    service::write_record(service, record);
}

std::string address_of(const engine::Container& container) {
    if (container.network_mode == "host") return "127.0.0.1";
    for (const auto& name : {std::string("bridge"), our_network()}) {
        const auto* end = container.on(name);
        if (end != nullptr && !end->address.empty()) return end->address;
    }
    for (const auto& end : container.networks) {
        if (!end.address.empty()) return end.address;
    }
    throw Error{"container '" + container.name + "' has no address",
                "It is " + container.status + "; `dokku postgres:start` brings a service up."};
}

}  // namespace server
