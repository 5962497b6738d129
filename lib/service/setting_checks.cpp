// Checks of the settings' values.
#include "service/setting_checks.h"

#include <algorithm>
#include <array>
#include <string_view>

#include "error/error.h"
#include "host/log.h"
#include "service/shell_words.h"
#include "value/bytes.h"

namespace service {

namespace {

constexpr std::string_view digits = "0123456789";
constexpr std::string_view word_bytes =
    "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789_";

// Variables that the plugin itself sets for the image. Another value would break our logins.
constexpr std::array<std::string_view, 7> own_variables = {
    "POSTGRES_PASSWORD", "POSTGRES_PASSWORD_FILE", "POSTGRES_USER", "POSTGRES_USER_FILE",
    "POSTGRES_DB",       "POSTGRES_DB_FILE",       "PGDATA"};

bool consists_of(std::string_view text, std::string_view bytes) {
    return text.find_first_not_of(bytes) == std::string_view::npos;
}

// UTF-8 without control characters: the values are shown in tables, JSON and YAML.
bool is_plain(const std::string& text) { return host::printable(text) == text; }

}  // namespace

void check_image(const std::string& image) {
    constexpr std::string_view others = "./:@-";
    std::string bytes(word_bytes);
    bytes += others;
    const bool plain =
        consists_of(image, bytes) && others.find(image.front()) == std::string_view::npos;
    if (!plain) throw usage_error("'" + image + "' is not the name of an image");
}

void check_image_version(const std::string& version) {
    std::string bytes(word_bytes);
    bytes += ".-";
    if (version.size() > 128 || !consists_of(version, bytes) || version.front() == '.' ||
        version.front() == '-')
        throw usage_error("'" + version + "' is not the version of an image",
                          "An example: --image-version 17");
}

void check_memory(const std::string& memory) {
    constexpr std::int64_t least = 6 * megabyte;  // the engine's own minimum
    constexpr std::int64_t most = 1'000'000'000 * megabyte;
    const auto bytes = value::parse_limit(memory, megabyte);
    if (!bytes || bytes->count < least || bytes->count >= most || bytes->count % megabyte != 0)
        throw usage_error("'" + memory + "' is not a memory limit",
                          "Give 512m or 2g, 6m or more; a number without a unit is megabytes.");
}

void check_shm_size(const std::string& size) {
    constexpr std::int64_t most = 1'000'000'000 * megabyte;
    const auto bytes = value::parse_limit(size, 1);
    // a server does not start with less
    if (!bytes || bytes->count < megabyte || bytes->count >= most)
        throw usage_error("'" + size + "' is not a size of shared memory",
                          "Give 256m or 1g, 1m or more; a number without a unit is bytes.");
}

void check_custom_env(const std::string& custom_env) {
    if (!is_plain(custom_env))
        throw usage_error("the environment holds a control character, or is not UTF-8");
    for (const auto& entry : split(custom_env, ';')) {
        const auto end = entry.find('=');
        const std::string name = entry.substr(0, end);
        const bool plain = end != std::string::npos && !name.empty() &&
                           consists_of(name, word_bytes) &&
                           digits.find(name.front()) == std::string_view::npos;
        if (!plain)
            throw usage_error("'" + name + "' is not a variable with a value",
                              "Give NAME=value;OTHER=value.");
        if (entry.ends_with(' '))
            throw usage_error("the value of '" + name + "' ends with a space",
                              "The file that Docker reads it from keeps none there.");
        if (std::find(own_variables.begin(), own_variables.end(), name) != own_variables.end())
            throw usage_error("'" + name + "' is set by the plugin itself");
        // other methods would allow a login without password
        if (name == "POSTGRES_HOST_AUTH_METHOD" && entry.substr(end + 1) != "scram-sha-256")
            throw usage_error("'" + name + "' can be nothing but scram-sha-256",
                              "Every service asks for its password over the network.");
    }
}

void check_network_names(const std::string& names) {
    std::string bytes(word_bytes);
    bytes += ".-";
    for (const auto& name : split(names, ',')) {
        if (!consists_of(name, bytes) || name.front() == '-' || name.front() == '.')
            throw usage_error("'" + name + "' is not the name of a network");
        if (name == "host" || name == "none")
            throw usage_error("a service cannot be on the network '" + name + "'",
                              "Linked apps reach it by a network of its own.");
    }
}

void check_initial_network(const std::string& name) {
    check_network_names(name);
    if (split(name, ',').size() > 1)
        throw usage_error("a container has one initial network",
                          "Name the others with --post-create-network.");
}

void check_config_options(const std::string& options) {
    if (!is_plain(options))
        throw usage_error("the options hold a control character, or are not UTF-8");
    // the record drops spaces at the end, so they must not belong to a word
    const auto words = split_words(options.substr(0, options.find_last_not_of(' ') + 1));
    // the image would take it for a program, and the server would be down until that has failed
    if (!words.empty() && !words[0].starts_with('-') && words[0].find('=') != std::string::npos)
        throw usage_error("'" + words[0] + "' is not an option of the server",
                          "Write -c before a parameter: -c " + words[0]);
}

}  // namespace service
