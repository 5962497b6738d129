// Reading and writing what is known of a service.

#include "service/record.h"

#include <algorithm>
#include <charconv>
#include <utility>

#include "error/error.h"
#include "service/shell_words.h"
#include "state/files.h"
#include "state/yaml.h"

namespace service {

namespace {

constexpr std::string_view networks_kept[] = {"initial-network", "post-create-network",
                                              "post-start-network"};

std::vector<std::string> trimmed_parts(const std::string& text, char separator) {
    std::vector<std::string> parts;
    std::size_t begin = 0;
    while (begin <= text.size()) {
        const auto end = std::min(text.find(separator, begin), text.size());
        auto part = text.substr(begin, end - begin);
        part.erase(0, part.find_first_not_of(" \t"));
        part.erase(part.find_last_not_of(" \t") + 1);
        if (!part.empty()) parts.push_back(std::move(part));
        begin = end + 1;
    }
    return parts;
}

std::vector<std::string>& networks_of(Record& record, std::string_view key) {
    if (key == "initial-network") return record.initial_network;
    if (key == "post-create-network") return record.post_create_network;
    return record.post_start_network;
}

std::string text_of(const Service& service, std::string_view entry) {
    return state::read_trimmed(service.file(entry)).value_or("");
}

void read_official(const Service& service, Record& record) {
    record.image = text_of(service, "IMAGE");
    record.image_version = text_of(service, "IMAGE_VERSION");
    record.database = state::read_trimmed(service.file("DATABASE_NAME")).value_or(service.name);
    record.config_options = text_of(service, "CONFIG_OPTIONS");
    if (record.config_options.empty()) {
        record.config_options = text_of(service, "POSTGRES_CONFIG_OPTIONS");
    }
    record.custom_env = joined(state::read_lines(service.file("ENV")), "\n");
    record.memory = text_of(service, "SERVICE_MEMORY");
    if (record.memory == "0") record.memory.clear();
    record.shm_size = text_of(service, "SHM_SIZE");
    record.ports = text_of(service, "PORT");
}

state::Yaml read_own(const Service& service) {
    const auto path = service.file("service.yml");
    const auto text = state::read_trimmed(path);
    return text ? state::parse_yaml(*text, path.string()) : state::Yaml{};
}

int number_of(const std::string& text) {
    int number = 0;
    std::from_chars(text.data(), text.data() + text.size(), number);
    return number;
}

state::Yaml to_yaml(const Record& record) {
    state::Yaml volumes;
    for (const auto& volume : record.volumes) {
        volumes.items.push_back(
            {.entries = {{"source", {.text = volume.source}},
                         {"target", {.text = volume.target}},
                         {"read-only", {.text = volume.read_only ? "true" : "false"}}}});
    }
    return {.entries = {{"major", {.text = std::to_string(record.major)}},
                        {"data-target", {.text = record.data_target}},
                        {"data-folder", {.text = record.data_folder}},
                        {"own-files", {.text = record.own_files ? "true" : "false"}},
                        {"initial-network", state::Yaml::list(record.initial_network)},
                        {"post-create-network", state::Yaml::list(record.post_create_network)},
                        {"post-start-network", state::Yaml::list(record.post_start_network)},
                        {"former-networks", state::Yaml::list(record.former_networks)},
                        {"volumes", volumes}}};
}

// What service.yml holds.
void take_own(const state::Yaml& own, Record& record) {
    record.major = number_of(own["major"].text);
    record.data_target = own["data-target"].text;
    record.data_folder = own["data-folder"].text;
    record.own_files = own["own-files"].text == "true";
    for (const auto key : networks_kept) {
        if (own.has(key)) networks_of(record, key) = own[key].texts();
    }
    record.former_networks = own["former-networks"].texts();
    for (const auto& volume : own["volumes"].items) {
        record.volumes.push_back({.source = volume["source"].text,
                                  .target = volume["target"].text,
                                  .read_only = volume["read-only"].text == "true"});
    }
}

// The names of a record's texts in a journal: what service.yml holds in one, the others alone.
constexpr const char* own_text = "record";
constexpr std::pair<const char*, std::string Record::*> official_texts[] = {
    {"record image", &Record::image},           {"record image-version", &Record::image_version},
    {"record database", &Record::database},     {"record config-options", &Record::config_options},
    {"record custom-env", &Record::custom_env}, {"record memory", &Record::memory},
    {"record shm-size", &Record::shm_size},     {"record ports", &Record::ports}};

// A file that already says so stays as it is: the official plugin's second generation ends lines
// differently.
void write_text(const Service& service, std::string_view entry, const std::string& text,
                mode_t mode) {
    const auto there = state::read_file(service.file(entry));
    if (there && state::read_trimmed(service.file(entry)).value_or("") == text) return;
    state::write_file(service.file(entry), text + "\n", mode);
}

// Files that the official plugin has only where there is something to say.
void write_or_remove(const Service& service, std::string_view entry, const std::string& text) {
    if (!text.empty()) return write_text(service, entry, text, state::plain);
    if (state::read_trimmed(service.file(entry)).value_or("0") != "0")
        state::remove_file(service.file(entry));
}

void write_official(const Service& service, const Record& record) {
    if (!record.image.empty()) {
        write_text(service, "IMAGE", record.image, state::plain);
        write_text(service, "IMAGE_VERSION", record.image_version, state::plain);
    }
    write_text(service, "DATABASE_NAME", record.database, state::plain);
    const bool known =
        state::read_trimmed(service.file("POSTGRES_CONFIG_OPTIONS")) == record.config_options;
    if (!known || state::read_trimmed(service.file("CONFIG_OPTIONS"))) {
        write_text(service, "CONFIG_OPTIONS", record.config_options, state::plain);
    }
    const auto custom_env = joined(trimmed_parts(record.custom_env, '\n'), "\n");
    if (joined(state::read_lines(service.file("ENV")), "\n") != custom_env ||
        !state::read_file(service.file("ENV"))) {
        state::write_file(service.file("ENV"), custom_env + "\n", state::secret);
    }
    write_or_remove(service, "SERVICE_MEMORY", record.memory);
    write_or_remove(service, "SHM_SIZE", record.shm_size);
    write_or_remove(service, "PORT", record.ports);
}

}  // namespace

void set_reference(Record& record, const std::string& reference) {
    // A colon before the last slash belongs to a registry's port.
    const auto slash = reference.rfind('/');
    const auto colon = reference.find(':', slash == std::string::npos ? 0 : slash);
    record.image = reference.substr(0, colon);
    record.image_version = colon == std::string::npos ? "" : reference.substr(colon + 1);
}

Record read_record(const Service& service) {
    Record record;
    read_official(service, record);
    const state::Yaml own = read_own(service);
    take_own(own, record);
    for (const auto key : networks_kept) {
        if (own.has(key)) continue;
        networks_of(record, key) =
            trimmed_parts(service.dokku().property(service.name, std::string(key)), ',');
    }
    return record;
}

void write_record(const Service& service, const Record& record) {
    Record next = record;
    // A service of ours without service.yml is being made: Dokku knows nothing of it.
    const bool is_new = record.own_files && !state::read_file(service.file("service.yml"));
    Record before = is_new ? Record{} : read_record(service);
    for (const auto key : networks_kept) {
        const auto& networks = networks_of(next, key);
        if (networks != networks_of(before, key)) {
            service.dokku().set_property(service.name, std::string(key), joined(networks, ","));
        }
    }
    write_official(service, record);
    const std::string own = to_string(to_yaml(record));
    if (state::read_file(service.file("service.yml")) != own)
        state::write_file(service.file("service.yml"), own, state::plain);
}

std::map<std::string, std::string> to_texts(const Record& record) {
    std::map<std::string, std::string> texts = {{own_text, to_string(to_yaml(record))}};
    for (const auto& [key, field] : official_texts) texts.emplace(key, record.*field);
    return texts;
}

Record record_of(const std::map<std::string, std::string>& texts) {
    Record record;
    const auto text = [&](const std::string& key) {
        const auto found = texts.find(key);
        return found == texts.end() ? std::string{} : found->second;
    };
    for (const auto& [key, field] : official_texts) record.*field = text(key);
    take_own(state::parse_yaml(text(own_text), own_text), record);
    return record;
}

std::string password(const Service& service) {
    // Only the line's end goes: a password may begin or end with a space.
    std::string text = state::read_file(service.file("PASSWORD")).value_or("");
    text.erase(text.find_last_not_of("\r\n") + 1);
    if (text.empty()) {
        throw Error{"service '" + service.name + "' has no password",
                    "Write the superuser's password to " + service.file("PASSWORD").string() + "."};
    }
    return text;
}

void write_password(const Service& service, const std::string& password) {
    state::write_file(service.file("PASSWORD"), password + "\n", state::secret);
}

}  // namespace service
