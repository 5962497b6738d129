// Reads and writes the record of a service.

#include "service/record.h"

#include <algorithm>
#include <charconv>
#include <utility>

#include "error/error.h"
#include "service/settings_table.h"
#include "service/shell_words.h"
#include "state/files.h"
#include "state/yaml.h"

namespace service {

namespace {

constexpr std::string_view older_config_options = "POSTGRES_CONFIG_OPTIONS";

std::vector<std::string> trimmed_parts(const std::string& text, char separator) {
    auto parts = split(text, separator);
    for (auto& part : parts) {
        part.erase(0, part.find_first_not_of(" \t"));
        part.erase(part.find_last_not_of(" \t") + 1);
    }
    std::erase_if(parts, [](const std::string& part) { return part.empty(); });
    return parts;
}

std::string text_of(const Service& service, std::string_view entry) {
    return state::read_trimmed(service.file(entry)).value_or("");
}

std::string lines_of(const Service& service, std::string_view entry) {
    return joined(state::read_lines(service.file(entry)), "\n");
}

void read_official(const Service& service, Record& record) {
    for (const auto& row : setting_rows) {
        if (row.text == nullptr) continue;
        record.*row.text =
            row.kind == Kind::variables ? lines_of(service, row.file) : text_of(service, row.file);
    }
    record.database = state::read_trimmed(service.file("DATABASE_NAME")).value_or(service.name);
    if (record.config_options.empty())
        record.config_options = text_of(service, older_config_options);
    if (record.memory == "0") record.memory.clear();
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
    state::Yaml yaml{.entries = {
                         {"major", {.text = std::to_string(record.major)}},
                         {"data-target", {.text = record.data_target}},
                         {"data-folder", {.text = record.data_folder}},
                         {"own-files", {.text = record.own_files ? "true" : "false"}},
                     }};
    for (const auto& row : setting_rows) {
        if (row.networks != nullptr)
            yaml.entries.emplace_back(row.name, state::Yaml::list(record.*row.networks));
    }
    yaml.entries.emplace_back("former-networks", state::Yaml::list(record.former_networks));
    yaml.entries.emplace_back("volumes", volumes);
    return yaml;
}

// What service.yml holds.
void take_own(const state::Yaml& own, Record& record) {
    record.major = number_of(own["major"].text);
    record.data_target = own["data-target"].text;
    record.data_folder = own["data-folder"].text;
    record.own_files = own["own-files"].text == "true";
    for (const auto& row : setting_rows) {
        if (row.networks != nullptr && own.has(row.name))
            record.*row.networks = own[row.name].texts();
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

/// Calls `visit` with the name in a journal and the field of every text that the official files
/// hold.
template <class Visit>
void each_official_text(const Visit& visit) {
    const std::string prefix = std::string(own_text) + " ";
    for (const auto& row : setting_rows)
        if (row.text != nullptr) visit(prefix + std::string(row.name), row.text);
    visit(prefix + "database", &Record::database);
    visit(prefix + "ports", &Record::ports);
}

// A file with the same value is not written: the official plugin's second generation ends lines
// differently.
void write_text(const Service& service, std::string_view entry, const std::string& text,
                mode_t mode) {
    const auto there = state::read_file(service.file(entry));
    if (there && state::read_trimmed(service.file(entry)).value_or("") == text) return;
    state::write_file(service.file(entry), text + "\n", mode);
}

// Files that the official plugin has only if there is a value.
void write_or_remove(const Service& service, std::string_view entry, const std::string& text) {
    if (!text.empty()) return write_text(service, entry, text, state::plain);
    if (state::read_trimmed(service.file(entry)).value_or("0") != "0")
        state::remove_file(service.file(entry));
}

// A file under the older name stays if it has the same value.
void write_words(const Service& service, std::string_view entry, const std::string& text) {
    const bool known = state::read_trimmed(service.file(older_config_options)) == text;
    if (!known || state::read_trimmed(service.file(entry)))
        write_text(service, entry, text, state::plain);
}

void write_variables(const Service& service, std::string_view entry, const std::string& text) {
    const auto lines = joined(trimmed_parts(text, '\n'), "\n");
    if (lines_of(service, entry) != lines || !state::read_file(service.file(entry)))
        state::write_file(service.file(entry), lines + "\n", state::secret);
}

void write_setting(const Service& service, const SettingRow& row, const Record& record) {
    const std::string& text = record.*row.text;
    switch (row.kind) {
        case Kind::image:
            if (!record.image.empty()) write_text(service, row.file, text, state::plain);
            return;
        case Kind::words:
            return write_words(service, row.file, text);
        case Kind::variables:
            return write_variables(service, row.file, text);
        case Kind::size:
            return write_or_remove(service, row.file, text);
        case Kind::one_network:
        case Kind::networks:
            return;  // Dokku keeps them
    }
}

void write_official(const Service& service, const Record& record) {
    for (const auto& row : setting_rows)
        if (row.text != nullptr) write_setting(service, row, record);
    write_text(service, "DATABASE_NAME", record.database, state::plain);
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
    for (const auto& row : setting_rows) {
        if (row.networks == nullptr || own.has(row.name)) continue;
        record.*row.networks =
            trimmed_parts(service.dokku().property(service.name, std::string(row.name)), ',');
    }
    return record;
}

void write_record(const Service& service, const Record& record) {
    // A service of ours without service.yml is being created: Dokku has no properties of it.
    const bool is_new = record.own_files && !state::read_file(service.file("service.yml"));
    const Record before = is_new ? Record{} : read_record(service);
    for (const auto& row : setting_rows) {
        if (row.networks == nullptr || record.*row.networks == before.*row.networks) continue;
        service.dokku().set_property(service.name, std::string(row.name),
                                     joined(record.*row.networks, ","));
    }
    write_official(service, record);
    const std::string own = to_string(to_yaml(record));
    if (state::read_file(service.file("service.yml")) != own)
        state::write_file(service.file("service.yml"), own, state::plain);
}

std::map<std::string, std::string> to_texts(const Record& record) {
    std::map<std::string, std::string> texts = {{own_text, to_string(to_yaml(record))}};
    each_official_text([&](const std::string& key, std::string Record::*field) {
        texts.emplace(key, record.*field);
    });
    return texts;
}

Record record_of(const std::map<std::string, std::string>& texts) {
    Record record;
    const auto text = [&](const std::string& key) {
        const auto found = texts.find(key);
        return found == texts.end() ? std::string{} : found->second;
    };
    each_official_text(
        [&](const std::string& key, std::string Record::*field) { record.*field = text(key); });
    take_own(state::parse_yaml(text(own_text), own_text), record);
    return record;
}

std::string password(const Service& service) {
    // Only the end of the line is removed: a password may begin or end with a space.
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
