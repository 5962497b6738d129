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
#include "server/operation.h"
#include "server/ready.h"
#include "service/links.h"
#include "service/random.h"
#include "service/record.h"
#include "service/shell_words.h"
#include "service/unfinished.h"
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
    record.own_files = true;
    record.database = name;
    std::replace_if(
        record.database.begin(), record.database.end(), [](char c) { return c == '-' || c == '.'; },
        '_');
    return record;
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
Left left_of(const service::Service& service, const std::optional<std::string>& app,
             const std::optional<state::Journal>& unfinished) {
    std::error_code ignored;
    if (fs::symlink_status(service.folder, ignored).type() == fs::file_type::not_found)
        return Left::nothing;
    check_folder_is_own(service);
    const bool is_folder = fs::is_directory(service.folder, ignored);
    // the last that a removal leaves
    if (is_folder && fs::is_empty(service.folder, ignored)) return Left::remains;
    if (is_folder && unfinished && service::is_creation(*unfinished)) return Left::remains;
    const bool is_ready = is_folder && !(unfinished && unfinished->blocks);
    if (is_ready && app && service::has_link_detail(service, *app) &&
        !service::is_linked(service, *app))
        return Left::all_but_the_link;
    throw Error{
        "Postgres service " + service.name + " already exists",
        is_folder && !is_ready
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
          const std::string& password, const state::Journal& journal) {
    state::make_folder(staged.folder, state::closed_folder);
    state::write_journal(staged.folder, journal);
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

// Everything is written beside the place and moved there at once: a folder without its journal
// would be nobody's.
void make_files(const service::Service& service, const service::Record& record,
                const std::string& password, const state::Journal& journal) {
    service::Service staged = service;
    staged.folder = service.staging();
    fs::remove_all(staged.folder);
    try {
        fill(staged, record, password, journal);
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

void check_container_name(const service::Service& service) {
    if (container_of(service)) {
        throw Error{
            "container '" + service.container() + "' is there already, and not of a service",
            "Rename or remove it by hand.", Exit::refused};
    }
}

// A create on its way.
struct Creation {
    const service::Service& service;
    const Options& options;
    service::Record record;
    engine::Image image = {};
};

// Only what a create of ours made: the files may not have come to their place.
void undo(const Creation& work) {
    const auto left = service::unfinished(work.service);
    if (!left || !service::is_creation(*left)) return;
    host::verbose("Removing what was made of " + work.service.name);
    take_away(work.service);
}

void start_container(const Creation& work) {
    host::verbose("Starting container");
    const auto spec = spec_of(work.service, work.record, {}, work.image);
    auto container = make_container(work.service, work.record, spec);
    host::verbose("Waiting for container to be ready");
    wait_until_ready(work.service, work.options.patience,
                     {.seen = std::move(container), .is_removed_on_failure = true});
}

std::vector<Step> steps_of(Creation& work) {
    const auto& service = work.service;
    std::vector<Step> steps = {{"files",
                                [&] {
                                    service::write_record(service, work.record);
                                    announce(service, "post-create");
                                },
                                [&] { undo(work); }},
                               {"container", [&] { start_container(work); }}};
    if (work.options.fill) steps.push_back({"data", [&] { work.options.fill(service); }});
    // From here on the service stays: what is to come of it has to be known.
    if (work.options.app) {
        steps.push_back({"link", [&] {
                             service::write_link_detail(
                                 service, {.app = *work.options.app, .variables = {}});
                         }});
    }
    return steps;
}

// Under the lock.
std::vector<Step> plan(Creation& work, const std::optional<state::Journal>& unfinished) {
    const auto& service = work.service;
    auto& record = work.record;
    const auto left = left_of(service, work.options.app, unfinished);
    if (left == Left::all_but_the_link) {
        host::verbose("Postgres service " + service.name + " is there, its link is not yet");
        return {};
    }
    service::check_networks(service.context(), work.options.settings);
    work.image = image_of(service.context(), record.reference());
    record.major = major_of(work.image, record.reference());
    record.data_target = data_target_of(work.image, record.major);
    record.data_folder = data_folder_of(work.image);
    if (left == Left::remains) {
        host::verbose("Removing what an interrupted create left of " + service.name);
        take_away(service);
    }
    check_container_name(service);
    warn_of_encoding(record, work.image);
    if (work.options.password) {
        host::warn("Specified password may not be as secure as the auto-generated password");
    }
    return steps_of(work);
}

}  // namespace

service::Service create(const service::Context& context, const std::string& name,
                        const Options& options) {
    service::check_new_name(context, name);
    check_password(options.password);
    service::check_visible_image(context, options.settings);
    service::Service service = service::at(context, name);
    Creation work{service, options, record_of(context, name, options.settings)};
    state::make_folder(context.environment.services, 0755);
    const Operation operation{
        .name = options.command,
        .locks = Locks::service,
        .plan = [&](auto&, const auto& left) { return plan(work, left); },
        .takes_over = [](const auto&) { return true; },  // left_of() knows what it may be
        .begin =
            [&](const auto& journal) {
                make_files(service, work.record, options.password.value_or(service::random_hex(16)),
                           journal);
            },
        .unfinished = service::unfinished_creation(service, options.command),
        .told_before = "pre-create",
        .told_after = "post-create-complete"};
    try {
        run(service, operation);
    } catch (const Error&) {
        // a signal ends the engine's client as well, whose failure tells nothing
        process::check_cancelled();
        throw;
    }
    tidy(context);
    return service;
}

}  // namespace server
