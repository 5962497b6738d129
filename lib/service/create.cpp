// Making a service.

#include "service/create.h"

#include <algorithm>
#include <filesystem>
#include <sstream>

#include "error/error.h"
#include "host/log.h"
#include "service/certificate.h"
#include "service/container.h"
#include "service/files.h"
#include "service/links.h"
#include "service/lock.h"
#include "service/major.h"
#include "service/ready.h"
#include "service/record.h"
#include "service/remains.h"
#include "service/words.h"

namespace service {

namespace fs = std::filesystem;

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
void take_version_from_image(const Settings& settings, Record& record) {
    if (!settings.image) return;
    Record named;
    set_reference(named, *settings.image);
    if (named.image_version.empty()) return;
    if (settings.image_version) {
        throw usage_error("'" + *settings.image +
                          "' has a version, and --image-version names another");
    }
    record.image = named.image;
    record.image_version = named.image_version;
}

Record record_of(const Site& site, const std::string& name, const Settings& settings) {
    const auto& environment = site.environment;
    const Settings defaults{
        .image = environment.image,
        .image_version = environment.image_version.value_or(std::to_string(default_major)),
        .config_options = environment.config_options,
        .custom_env = environment.custom_env,
        .memory = {},
        .shm_size = {},
        .initial_network = {},
        .post_create_network = {},
        .post_start_network = {}};
    check(defaults);
    check(settings);
    Record record;
    apply(defaults, record);
    apply(settings, record);
    take_version_from_image(settings, record);
    record.state = State::creating;
    record.own_files = true;
    record.database = name;
    std::replace_if(
        record.database.begin(), record.database.end(), [](char c) { return c == '-' || c == '.'; },
        '_');
    return record;
}

void tell(const Site& site, const std::string& action, const std::string& name) {
    site.dokku.trigger("service-action", {action, "postgres", name});
}

// What initdb gets: the container's environment goes before the image's.
std::string variable_of(const Record& record, const engine::Image& image, const std::string& key) {
    std::istringstream lines(record.custom_env);
    for (std::string line; std::getline(lines, line);) {
        if (line.starts_with(key + "=")) return line.substr(key.size() + 1);
    }
    const auto found = image.environment.find(key);
    return found == image.environment.end() ? std::string{} : found->second;
}

// initdb takes the encoding from the locale.
void warn_of_encoding(const Record& record, const engine::Image& image) {
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
Left left_of(const Site& site, const Service& service, const std::optional<std::string>& app) {
    std::error_code ignored;
    if (fs::symlink_status(service.folder, ignored).type() == fs::file_type::not_found)
        return Left::nothing;
    check_folder_is_own(service);
    const bool is_folder = fs::is_directory(service.folder, ignored);
    // the last that a removal leaves
    if (is_folder && fs::is_empty(service.folder, ignored)) return Left::remains;
    const auto state = is_folder ? read_record(site, service).state : State::ready;
    if (state == State::creating) return Left::remains;
    const bool is_ready = is_folder && state == State::ready;
    if (is_ready && app && has_link_detail(service, *app) && !is_linked(service, *app))
        return Left::all_but_the_link;
    throw Error{
        "Postgres service " + service.name + " already exists",
        state == State::failed
            ? "It is half removed. Finish that first: dokku postgres:destroy " + service.name
            : ""};
}

void take_away(const Site& site, const Service& service) {
    const auto record = read_record(site, service);
    remove_containers(site, service);
    site.dokku.destroy_properties(service.name);
    remove_folder(site, service, record.reference());
}

void write_run_files(const Service& service, const std::string& password) {
    const auto made = make_certificate(service);
    const fs::path folder = service.folder / "run";
    make_folder(folder, 0700);
    write_file(folder / "password", password + "\n", for_the_container);
    write_file(folder / "server.key", made.key, for_the_container);
    write_file(folder / "server.crt", made.certificate, for_the_container);
    write_file(folder / "tls.sh", tls_script, for_the_container);
}

void fill(const Site& site, const Service& staged, const Record& record,
          const std::string& password) {
    make_folder(staged.folder, closed_folder);
    Record first = record;
    for (auto* networks :
         {&first.initial_network, &first.post_create_network, &first.post_start_network}) {
        networks->clear();  // these also go to Dokku, which is told of a service that is there
    }
    write_record(site, staged, first);
    write_password(staged, password);
    write_file(staged.file("LINKS"), "", plain);
    write_run_files(staged, password);
    make_folder(staged.folder / "data", 0755);
}

// Everything is written beside the place and moved there at once: a folder without its state would
// be nobody's.
void make_files(const Site& site, const Service& service, const Record& record,
                const std::string& password) {
    Service staged = service;
    staged.folder = service.staging();
    fs::remove_all(staged.folder);
    try {
        fill(site, staged, record, password);
        // Two names that differ by a dash alone may be on their way at the same moment.
        const Lock names(site, Lock::Of::service, ".names");
        check_new_name(site, service.name);
        fs::rename(staged.folder, service.folder);
        sync_folder(service.folder.parent_path());
    } catch (...) {
        fs::remove_all(staged.folder);
        throw;
    }
}

// A name that stays free keeps no lock file. Goes before the lock that it belongs to.
class Vacancy {
public:
    Vacancy(const Site& site, const Service& service) : site_(site), service_(service) {}
    ~Vacancy() {
        std::error_code failed;
        if (fs::symlink_status(service_.folder, failed).type() != fs::file_type::not_found) return;
        try {
            forget_lock(site_, Lock::Of::service, service_.name);
        } catch (const std::exception& problem) {
            host::debug(problem.what());
        }
    }
    Vacancy(const Vacancy&) = delete;
    Vacancy& operator=(const Vacancy&) = delete;

private:
    const Site& site_;
    const Service& service_;
};

// Takes the service away unless it was kept.
class Attempt {
public:
    Attempt(const Site& site, const Service& service) : site_(site), service_(service) {}
    ~Attempt() {
        if (kept_) return;
        try {
            host::verbose("Removing what was made of " + service_.name);
            take_away(site_, service_);
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
    const Site& site_;
    const Service& service_;
    bool kept_ = false;
};

void check_container_name(const Site& site, const Service& service) {
    if (container_of(site, service)) {
        throw Error{
            "container '" + service.container() + "' is there already, and not of a service",
            "Rename or remove it by hand.", Exit::refused};
    }
}

void check_interrupt(const Options& options) {
    if (options.check) options.check();
}

void make(const Site& site, const Service& service, const Record& record,
          const engine::Image& image, const Options& options) {
    make_files(site, service, record, options.password.value_or(random_hex(16)));
    Attempt attempt(site, service);
    check_interrupt(options);
    write_record(site, service, record);
    tell(site, "post-create", service.name);
    check_interrupt(options);
    host::verbose("Starting container");
    auto container =
        make_container(site, service, record, spec_of(site, service, record, {}, image));
    host::verbose("Waiting for container to be ready");
    wait_until_ready(site, service, options.patience,
                     {.seen = std::move(container),
                      .check = options.check,
                      .is_removed_on_failure = true});
    if (options.fill) options.fill(service);
    check_interrupt(options);
    // From here on the service stays: what is to come of it has to be known.
    if (options.app) write_link_detail(service, {.app = *options.app, .variables = {}});
    Record done = record;
    done.state = State::ready;
    write_record(site, service, done);
    attempt.keep();
}

// Under the lock.
void create_alone(const Site& site, const Service& service, Record record, const Options& options) {
    const std::string& name = service.name;
    const Lock lock(site, Lock::Of::service, name, options.check);
    const Vacancy vacancy(site, service);
    const auto left = left_of(site, service, options.app);
    if (left == Left::all_but_the_link) {
        return host::verbose("Postgres service " + name + " is there, its link is not yet");
    }
    check_networks(site, options.settings);
    const auto image = image_of(site, record.reference());
    record.major = major_of(image, record.reference());
    record.data_target = data_target_of(image, record.major);
    record.data_folder = data_folder_of(image);
    if (left == Left::remains) {
        host::verbose("Removing what an interrupted create left of " + name);
        take_away(site, service);
    }
    check_container_name(site, service);
    tell(site, "pre-create", name);
    warn_of_encoding(record, image);
    if (options.password) {
        host::warn("Specified password may not be as secure as the auto-generated password");
    }
    make(site, service, record, image, options);
    tidy(site);
}

}  // namespace

Service create(const Site& site, const std::string& name, const Options& options) {
    check_new_name(site, name);
    check_password(options.password);
    check_visible_image(site, options.settings);
    Record record = record_of(site, name, options.settings);
    Service service = at(site, name);
    make_folder(site.environment.services, 0755);
    try {
        create_alone(site, service, std::move(record), options);
    } catch (const Error&) {
        check_interrupt(
            options);  // it ends the engine's client as well, whose failure tells nothing
        throw;
    }
    tell(site, "post-create-complete", name);  // without the lock: who hears of it may call us
    return service;
}

}  // namespace service
