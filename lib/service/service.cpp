// The names and paths of a service, and who may see it.

#include "service/service.h"

#include <unistd.h>

#include <algorithm>
#include <cctype>

#include "error/error.h"

namespace service {

namespace fs = std::filesystem;

namespace {

bool is_letter_or_digit(char c) {
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9');
}

bool made_of(const std::string& name, std::string_view further) {
    return std::all_of(name.begin(), name.end(), [&](char c) {
        return is_letter_or_digit(c) || further.find(c) != std::string_view::npos;
    });
}

bool is_name(const std::string& name) {
    return !name.empty() && name.size() <= 48 && name[0] != '-' && name[0] != '.' &&
           made_of(name, "_-.");
}

bool is_folder(const fs::path& path) {
    std::error_code ignored;
    return fs::is_directory(path, ignored);
}

Error missing(const std::string& name) {
    return Error{"Postgres service " + name + " does not exist", {}, Exit::no_service};
}

// A key that must differ between services: case and separators do not distinguish host and database
// names.
std::string twin_key(std::string name) {
    for (char& c : name) {
        c = is_letter_or_digit(c) ? static_cast<char>(std::tolower(static_cast<unsigned char>(c)))
                                  : '-';
    }
    return name;
}

Error bad_name(const std::string& name) {
    return usage_error("Please specify a valid name for the service",
                       name.empty()
                           ? "Valid characters are [A-Za-z0-9_-]."
                           : "Valid characters are [A-Za-z0-9_-], 48 at most, and no dash first.");
}

}  // namespace

const Context& context() {
    static const auto dokku = host::dokku(host::environment());
    static const auto docker =
        engine::docker(host::environment().docker, host::environment().engine_timeout);
    docker->show_pulls({.drawn = !host::environment().quiet && ::isatty(STDERR_FILENO) == 1});
    static const Context real{host::environment(), *dokku, *docker};
    return real;
}

std::string Service::host() const {
    std::string name_part = name;
    std::replace_if(
        name_part.begin(), name_part.end(), [](char c) { return c == '.' || c == '_'; }, '-');
    return "dokku-postgres-" + name_part;
}

void check_name(const std::string& name) {
    if (!is_name(name)) throw bad_name(name);
}

void check_new_name(const Context& context, const std::string& name) {
    check_name(name);
    if (!made_of(name, "_-")) throw bad_name(name);
    if (name == "ENV" || name == "_all_") {
        throw usage_error("a service cannot be called '" + name + "'",
                          "Dokku keeps something of its own under that name.");
    }
    for (const auto& other : all(context)) {
        if (twin_key(other.name) != twin_key(name)) continue;
        // the name of a service that the caller may not see is not shown: the same message for that
        // name and for similar ones
        if (context.dokku.visible({other.name}).empty()) {
            throw Error{"the name '" + name + "' is taken on this host", "Choose another one.",
                        Exit::refused};
        }
        if (other.name != name) {
            throw Error{"'" + name +
                            "' would share its host name or its database name with service '" +
                            other.name + "'",
                        "Choose a name that differs by more than dashes, underscores and case.",
                        Exit::refused};
        }
    }
}

Service at(const Context& context, const std::string& name) {
    return {name, context.environment.services / name, context.environment.services_host / name,
            &context};
}

Service open(const Context& context, const std::string& name) {
    check_name(name);
    if (!exists(context, name) || context.dokku.visible({name}).empty()) throw missing(name);
    return at(context, name);
}

bool exists(const Context& context, const std::string& name) {
    return is_name(name) && is_folder(context.environment.services / name);
}

void check_exists(const Service& service) {
    if (!is_folder(service.folder)) throw missing(service.name);
}

std::vector<Service> all(const Context& context) {
    std::vector<Service> services;
    std::error_code missing;
    for (const auto& entry : fs::directory_iterator(context.environment.services, missing)) {
        const std::string name = entry.path().filename().string();
        std::error_code ignored;
        if (is_name(name) && entry.is_directory(ignored)) services.push_back(at(context, name));
    }
    std::sort(services.begin(), services.end(),
              [](const Service& left, const Service& right) { return left.name < right.name; });
    return services;
}

std::vector<Service> visible(const Context& context, std::vector<Service> services) {
    if (services.empty()) return services;
    std::vector<std::string> names;
    names.reserve(services.size());
    for (const auto& service : services) names.push_back(service.name);
    auto seen = context.dokku.visible(names);
    std::sort(seen.begin(), seen.end());
    std::erase_if(services, [&](const Service& service) {
        return !std::binary_search(seen.begin(), seen.end(), service.name);
    });
    return services;
}

}  // namespace service
