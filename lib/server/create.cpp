// Making a service.

#include "server/create.h"

#include <algorithm>
#include <filesystem>
#include <sstream>

#include "error/error.h"
#include "host/log.h"
#include "pg/majors.h"
#include "process/cancellation.h"
#include "server/certificate.h"
#include "server/cleanup.h"
#include "server/container.h"
#include "server/ready.h"
#include "service/links.h"
#include "service/random.h"
#include "service/record.h"
#include "service/shell_words.h"
#include "state/files.h"
#include "state/lock.h"

namespace server {

namespace fs = std::filesystem;

using service::Setting;

namespace {

// For the image's own user, in a folder that nobody else enters.
constexpr mode_t for_the_container = 0444;

// Read by the image's entrypoint while its first server listens on a socket only. In a subshell,
// because an entrypoint may take the file into its own shell.
constexpr std::string_view tls_script =
    R"(# Gives the new cluster its key and certificate, and lets clients speak TLS from the first connection on.
(
    set -e
    umask 077
    cp /run/dokku-postgres/server.key "$PGDATA/server.key"
    cp /run/dokku-postgres/server.crt "$PGDATA/server.crt"
    chmod 0600 "$PGDATA/server.key" "$PGDATA/server.crt"
    cat >>"$PGDATA/postgresql.conf" <<END

# set when the service was made
ssl = on
ssl_min_protocol_version = 'TLSv1.2'
password_encryption = 'scram-sha-256'
END
)
)";

void check_password(const std::optional<std::string>& password) {
    if (!password) return;
    const bool odd = host::printable(*password) != *password;
    if (password->empty() || password->size() > 512 || odd) {
        throw usage_error("a password is 1 to 512 bytes of UTF-8, without control characters");
    }
}

// The version may stand behind the image's name, as the engine writes it.
void take_version_from_image(const service::Settings& settings, service::Record& record) {
    const auto& image = settings[Setting::image];
    if (!image) return;
    service::Record named;
    service::set_reference(named, *image);
    if (named.image_version.empty()) return;
    if (settings[Setting::image_version]) {
        throw usage_error("'" + *image + "' has a version, and --image-version names another");
    }
    record.image = named.image;
    record.image_version = named.image_version;
}

service::Record record_of(const service::Context& context, const std::string& name,
                          const service::Settings& settings) {
    const auto& environment = context.environment;
    const service::Settings defaults{
        {Setting::image, environment.image},
        {Setting::image_version,
         environment.image_version.value_or(std::to_string(pg::default_major))},
        {Setting::config_options, environment.config_options},
        {Setting::custom_env, environment.custom_env}};
    service::check(defaults);
    service::check(settings);
    service::Record record;
    service::apply(defaults, record);
    service::apply(settings, record);
    take_version_from_image(settings, record);
    record.state = service::State::creating;
    record.own_files = true;
    record.database = name;
    std::replace_if(
        record.database.begin(), record.database.end(), [](char c) { return c == '-' || c == '.'; },
        '_');
    return record;
}

void tell(const service::Context& context, const std::string& action, const std::string& name) {
    context.dokku.trigger("service-action", {action, "postgres", name});
}

// What initdb gets: the container's environment goes before the image's.
std::string variable_of(const service::Record& record, const engine::Image& image,
                        const std::string& key) {
    std::istringstream lines(record.custom_env);
    for (std::string line; std::getline(lines, line);) {
        if (line.starts_with(key + "=")) return line.substr(key.size() + 1);
    }
    const auto found = image.environment.find(key);
    return found == image.environment.end() ? std::string{} : found->second;
}

// initdb takes the encoding from the locale.
void warn_of_encoding(const service::Record& record, const engine::Image& image) {
    const auto words = variable_of(record, image, "POSTGRES_INITDB_ARGS");
    for (const auto* says : {"-E", "--encoding", "--locale", "--lc-ctype", "--no-locale"}) {
        if (words.find(says) != std::string::npos) return;
    }
    for (const auto* key : {"LC_ALL", "LC_CTYPE", "LANG"}) {
        const auto value = variable_of(record, image, key);
        if (value.empty()) continue;
        if (value != "C" && value != "POSIX") return;
        host::warn(std::string(key) + "=" + value +
                   " makes a database in SQL_ASCII, which takes bytes of any encoding for text");
        host::warn("For UTF-8 in the same order: " + std::string(key) + "=C.UTF-8");
        return;
    }
}

enum class Left { nothing, remains, all_but_the_link };

// What a create of ours that was killed left here; throws when there is a service, or anything
// else.
Left left_of(const service::Service& service, const std::optional<std::string>& app) {
    std::error_code ignored;
    if (fs::symlink_status(service.folder, ignored).type() == fs::file_type::not_found)
        return Left::nothing;
    check_folder_is_own(service);
    const bool is_folder = fs::is_directory(service.folder, ignored);
    // the last that a removal leaves
    if (is_folder && fs::is_empty(service.folder, ignored)) return Left::remains;
    const auto state = is_folder ? service::read_record(service).state : service::State::ready;
    if (state == service::State::creating) return Left::remains;
    const bool is_ready = is_folder && state == service::State::ready;
    if (is_ready && app && service::has_link_detail(service, *app) &&
        !service::is_linked(service, *app))
        return Left::all_but_the_link;
    throw Error{
        "Postgres service " + service.name + " already exists",
        state == service::State::failed
            ? "It is half removed. Finish that first: dokku postgres:destroy " + service.name
            : ""};
}

void take_away(const service::Service& service) {
    const auto record = service::read_record(service);
    remove_containers(service);
    service.dokku().destroy_properties(service.name);
    remove_folder(service, record.reference());
}

void write_run_files(const service::Service& service, const std::string& password) {
    const auto made = make_certificate(service);
    const fs::path folder = service.folder / "run";
    state::make_folder(folder, 0700);
    state::write_file(folder / "password", password + "\n", for_the_container);
    state::write_file(folder / "server.key", made.key, for_the_container);
    state::write_file(folder / "server.crt", made.certificate, for_the_container);
    state::write_file(folder / "tls.sh", tls_script, for_the_container);
}

void fill(const service::Service& staged, const service::Record& record,
          const std::string& password) {
    state::make_folder(staged.folder, state::closed_folder);
    service::Record first = record;
    for (const auto& row : service::setting_rows) {
        // these also go to Dokku, which is told of a service that is there
        if (row.networks != nullptr) (first.*row.networks).clear();
    }
    service::write_record(staged, first);
    service::write_password(staged, password);
    state::write_file(staged.file("LINKS"), "", state::plain);
    write_run_files(staged, password);
    state::make_folder(staged.folder / "data", 0755);
}

// Everything is written beside the place and moved there at once: a folder without its state would
// be nobody's.
void make_files(const service::Service& service, const service::Record& record,
                const std::string& password) {
    service::Service staged = service;
    staged.folder = service.staging();
    fs::remove_all(staged.folder);
    try {
        fill(staged, record, password);
        // Two names that differ by a dash alone may be on their way at the same moment.
        const state::Lock names(service.environment(), state::Lock::Of::service, ".names");
        service::check_new_name(service.context(), service.name);
        fs::rename(staged.folder, service.folder);
        state::sync_folder(service.folder.parent_path());
    } catch (...) {
        fs::remove_all(staged.folder);
        throw;
    }
}

// A name that stays free keeps no lock file. Goes before the lock that it belongs to.
class Vacancy {
public:
    Vacancy(const service::Service& service) : service_(service) {}
    ~Vacancy() {
        std::error_code failed;
        if (fs::symlink_status(service_.folder, failed).type() != fs::file_type::not_found) return;
        try {
            state::forget_lock(service_.environment(), state::Lock::Of::service, service_.name);
        } catch (const std::exception& problem) {
            host::debug(problem.what());
        }
    }
    Vacancy(const Vacancy&) = delete;
    Vacancy& operator=(const Vacancy&) = delete;

private:
    const service::Service& service_;
};

// Takes the service away unless it was kept.
class Attempt {
public:
    Attempt(const service::Service& service) : service_(service) {}
    ~Attempt() {
        if (kept_) return;
        try {
            host::verbose("Removing what was made of " + service_.name);
            take_away(service_);
        } catch (const std::exception& problem) {
            host::warn(problem.what());
            host::warn("What is left of " + service_.name +
                       " goes with the next create of that name, or with destroy");
        }
    }
    Attempt(const Attempt&) = delete;
    Attempt& operator=(const Attempt&) = delete;
    void keep() { kept_ = true; }

private:
    const service::Service& service_;
    bool kept_ = false;
};

void check_container_name(const service::Service& service) {
    if (container_of(service)) {
        throw Error{
            "container '" + service.container() + "' is there already, and not of a service",
            "Rename or remove it by hand.", Exit::refused};
    }
}

void make(const service::Service& service, const service::Record& record,
          const engine::Image& image, const Options& options) {
    make_files(service, record, options.password.value_or(service::random_hex(16)));
    Attempt attempt(service);
    process::check_cancelled();
    service::write_record(service, record);
    tell(service.context(), "post-create", service.name);
    process::check_cancelled();
    host::verbose("Starting container");
    auto container = make_container(service, record, spec_of(service, record, {}, image));
    host::verbose("Waiting for container to be ready");
    wait_until_ready(service, options.patience,
                     {.seen = std::move(container), .is_removed_on_failure = true});
    if (options.fill) options.fill(service);
    process::check_cancelled();
    // From here on the service stays: what is to come of it has to be known.
    if (options.app) service::write_link_detail(service, {.app = *options.app, .variables = {}});
    service::Record done = record;
    done.state = service::State::ready;
    service::write_record(service, done);
    attempt.keep();
}

// Under the lock.
void create_alone(const service::Service& service, service::Record record, const Options& options) {
    const std::string& name = service.name;
    const state::Lock lock(service.environment(), state::Lock::Of::service, name);
    const Vacancy vacancy(service);
    const auto left = left_of(service, options.app);
    if (left == Left::all_but_the_link) {
        return host::verbose("Postgres service " + name + " is there, its link is not yet");
    }
    service::check_networks(service.context(), options.settings);
    const auto image = image_of(service.context(), record.reference());
    record.major = major_of(image, record.reference());
    record.data_target = data_target_of(image, record.major);
    record.data_folder = data_folder_of(image);
    if (left == Left::remains) {
        host::verbose("Removing what an interrupted create left of " + name);
        take_away(service);
    }
    check_container_name(service);
    tell(service.context(), "pre-create", name);
    warn_of_encoding(record, image);
    if (options.password) {
        host::warn("Specified password may not be as secure as the auto-generated password");
    }
    make(service, record, image, options);
    tidy(service.context());
}

}  // namespace

service::Service create(const service::Context& context, const std::string& name,
                        const Options& options) {
    service::check_new_name(context, name);
    check_password(options.password);
    service::check_visible_image(context, options.settings);
    service::Record record = record_of(context, name, options.settings);
    service::Service service = service::at(context, name);
    state::make_folder(context.environment.services, 0755);
    try {
        create_alone(service, std::move(record), options);
    } catch (const Error&) {
        // a signal ends the engine's client as well, whose failure tells nothing
        process::check_cancelled();
        throw;
    }
    tell(context, "post-create-complete", name);  // without the lock: who hears of it may call us
    return service;
}

}  // namespace server
