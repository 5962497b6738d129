// Installing, updating and uninstalling the plugin.

#include "official/installation.h"

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <functional>

#include "error/error.h"
#include "host/log.h"
#include "host/manual_page.h"
#include "host/setup.h"
#include "linking/adoption.h"
#include "official/health.h"
#include "official/sudo_rules.h"
#include "pg/majors.h"
#include "process/process.h"
#include "server/cleanup.h"
#include "server/container.h"
#include "server/linked_apps.h"
#include "server/network.h"
#include "service/links.h"
#include "service/record.h"
#include "service/settings_table.h"
#include "service/shell_words.h"
#include "service/unfinished.h"
#include "state/files.h"
#include "state/lock.h"

namespace official {

namespace fs = std::filesystem;

namespace {

// Runs a step and turns its failure into a warning; returns whether it succeeded.
bool attempt(const std::string& what, const std::function<void()>& step) {
    try {
        step();
        return true;
    } catch (const Error& error) {
        host::warn(what + ": " + error.what());
        if (!error.hint().empty()) host::warn(error.hint());
    } catch (const std::exception& error) {
        host::warn(what + ": " + error.what());
    }
    return false;
}

std::string counted(std::size_t number, const std::string& noun) {
    return std::to_string(number) + " " + noun + (number == 1 ? "" : "s");
}

// Runs a program that links libpq, and returns its error output if it does not start.
std::optional<std::string> startup_error(const fs::path& plugin) {
    const auto result =
        process::run({.argv = {(plugin / "subcommands" / "wait").string(), "--help"},
                      .limit = std::chrono::seconds(60),
                      .directory = "/"});
    if (result.ok()) return {};
    return result.err;
}

bool apt_get(std::vector<std::string> words) {
    words.insert(words.begin(), "apt-get");
    const auto result = process::run({.argv = words,
                                      .environment = {{"DEBIAN_FRONTEND", "noninteractive"}},
                                      .limit = std::chrono::minutes(10),
                                      .directory = "/"});
    return result.ok();
}

bool install_libpq() {
    const std::vector<std::string> words = {"install", "--yes", "--no-install-recommends",
                                            "libpq5"};
    return apt_get(words) || (apt_get({"update"}) && apt_get(words));
}

void make_folders(const service::Context& context) {
    const auto& environment = context.environment;
    host::make_folder(environment, environment.services, 0755);
    host::make_folder(environment, environment.data, 0755);
    host::make_folder(environment, environment.data / "locks", 0700);
}

std::vector<engine::Container> containers_of(const service::Context& context,
                                             const std::vector<service::Service>& services) {
    if (services.empty()) return {};
    std::vector<std::string> names;
    names.reserve(services.size());
    for (const auto& service : services) names.push_back(service.container());
    return context.engine.find_all(names);
}

bool is_official(const service::Service& service) {
    std::error_code ignored;
    return !fs::exists(service.file("service.yml"), ignored);
}

// Closes the folder to other accounts of the host: a server's owner can create any file in its
// data.
void close_folder(const service::Service& service) {
    const int folder =
        ::open(service.folder.c_str(), O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC);
    if (folder < 0) return;
    const bool closed = ::fchmod(folder, state::closed_folder) == 0;
    ::close(folder);
    if (!closed) throw Error{"its folder stays open to other accounts of this host"};
}

// The caller holds the service's lock.
void adopt(const service::Service& service, const engine::Container& container) {
    remember_image(service, container);
    // A service that was never finished, but has linked apps by now, counts as finished from now
    // on.
    if (const auto record = service::read_record(service);
        record.own_files && !service::unfinished(service)) {
        service::forget_unfinished(service);
        service::write_record(service, record);
    }
    if (!container.running()) return;
    if (container.on(std::string(service::network)) == nullptr) {
        server::join_our_network(service, container);
    } else {
        // apps may have been deployed while our hooks were not installed
        server::join_linked_apps(service);
    }
}

// create and clone hold the lock of a service for as long as they take. We do not wait for them
// here, and report no problems of an unfinished service.
void check_service(const service::Service& service,
                   const std::optional<engine::Container>& container,
                   const std::vector<std::string>& apps, std::vector<std::string>& lines) {
    const auto lock =
        state::Lock::at_once(service.environment(), state::Lock::Of::service, service.name);
    if (!lock)
        throw Error{"another command is at work on it",
                    "It is checked by the next update, or when it is started."};
    if (container) attempt("service " + service.name, [&] { adopt(service, *container); });
    for (auto& line : problems(service, container, apps)) lines.push_back(std::move(line));
}

void check_services(const service::Context& context,
                    const std::vector<service::Service>& services) {
    const auto containers = containers_of(context, services);
    const auto apps = context.dokku.apps();
    std::size_t official = 0;
    std::vector<std::string> lines;
    for (const auto& service : services) {
        if (is_official(service)) ++official;
        const auto container = engine::named(containers, service.container());
        attempt("service " + service.name, [&] { close_folder(service); });
        attempt("service " + service.name, [&] { check_service(service, container, apps, lines); });
    }
    host::info1("Postgres: found " + counted(services.size(), "service") +
                (official == 0 ? ""
                               : ", " + std::to_string(official) +
                                     " of the official plugin's, used as they are"));
    for (const auto& line : lines) host::warn(line);
}

// --- going back ---

void ensure_file(const service::Service& service, std::string_view entry, const std::string& text,
                 mode_t mode) {
    if (!state::read_file(service.file(entry))) state::write_file(service.file(entry), text, mode);
}

// The files that the official plugin reads when it starts, shows or recreates a container.
void write_official_files(const service::Service& service,
                          const std::optional<engine::Container>& container) {
    if (container) {
        remember_image(service, *container);
        if (state::read_trimmed(service.file("ID")) != container->id) {
            state::write_file(service.file("ID"), container->id, state::plain);
        }
    }
    ensure_file(service, "ID", "", state::plain);
    ensure_file(service, "ENV", "\n", state::secret);
    ensure_file(service, "LINKS", "", state::plain);
}

// The official plugin decides by the tag's digits where to mount the data. A tag without digits
// counts as an older major.
void warn_about_tag(const service::Service& service) {
    const service::Record record = service::read_record(service);
    const auto& tag = record.image_version;
    const int major = record.major != 0 ? record.major : data_major(service).value_or(0);
    if (!pg::has(major, pg::Feature::major_folders) ||
        (!tag.empty() && tag[0] >= '0' && tag[0] <= '9'))
        return;
    host::warn("service " + service.name + " has PostgreSQL " + std::to_string(major) +
               " under the tag '" + tag + "': the official plugin would mount its data at the " +
               "wrong place when it makes the container again. Write " + std::to_string(major) +
               " (or a tag that begins with it) to " + service.file("IMAGE_VERSION").string());
}

// If an app named `postgres` was destroyed, Dokku has removed all our properties. Our own record
// still has them.
void write_networks(const service::Service& service) {
    const service::Record record = service::read_record(service);
    for (const auto& row : service::setting_rows) {
        if (row.networks == nullptr) continue;
        const std::string key{row.name};
        const auto wanted = service::joined(record.*row.networks, ",");
        if (!wanted.empty() && service.dokku().property(service.name, key) != wanted) {
            service.dokku().set_property(service.name, key, wanted);
        }
    }
}

std::size_t add_link_options(const service::Service& service) {
    std::size_t given = 0;
    for (const auto& app : service::linked_apps(service)) {
        if (!service.dokku().app_exists(app)) continue;
        const state::Lock lock(service.environment(), state::Lock::Of::app, app);
        service.dokku().add_docker_option(app, linking::link_option(service));
        ++given;
    }
    // If our plugin is installed again, these links must count as the official plugin's.
    state::remove_file(service.file("links.yml"));
    return given;
}

}  // namespace

void install_dependencies(const fs::path& plugin) {
    auto why = startup_error(plugin);
    if (!why) return;
    if (why->find("libpq") == std::string::npos) {
        throw Error{"the programs of this plugin do not run on this host", *why};
    }
    if (::geteuid() == 0 && install_libpq() && !startup_error(plugin)) return;
    host::warn(
        "libpq is missing, which postgres:create and others need: "
        "run 'apt-get install libpq5'");
}

void install(const service::Context& context, const fs::path& plugin) {
    install_dependencies(plugin);
    attempt("cannot make our folders", [&] { make_folders(context); });
    attempt("cannot remove the official plugin's sudo rules",
            [&] { remove_sudo_rules(context.environment); });
    attempt("cannot keep properties", [&] { host::setup_properties(context.environment); });
    attempt("'man dokku-postgres' does not find its page",
            [&] { host::link_manual_page(host::manual_of(context.environment), plugin); });
    const bool answers = attempt("the network of the services waits for Docker",
                                 [&] { server::ensure_network(context); });
    const auto services = service::all(context);
    if (!answers) {
        host::info1("Postgres: found " + counted(services.size(), "service") +
                    ", to be checked when Docker answers");
        return;
    }
    attempt("cannot check the services", [&] { check_services(context, services); });
    attempt("cannot remove what killed commands left", [&] {
        server::tidy(context);
        server::tidy_apps(context, context.dokku.apps());
    });
}

void give_back(const service::Context& context) {
    attempt("the manual page stays",
            [&] { host::unlink_manual_page(host::manual_of(context.environment)); });
    const auto services = service::all(context);
    if (services.empty()) return;
    std::vector<engine::Container> containers;
    attempt("cannot ask Docker for the containers",
            [&] { containers = containers_of(context, services); });
    std::size_t links = 0;
    for (const auto& service : services) {
        attempt("service " + service.name, [&] {
            const state::Lock lock(context.environment, state::Lock::Of::service, service.name);
            write_official_files(service, engine::named(containers, service.container()));
            links += add_link_options(service);
            write_networks(service);
            warn_about_tag(service);
        });
    }
    host::info1("Postgres: " + counted(services.size(), "service") + " and " +
                counted(links, "link") +
                " given back to the official plugin, which finds them in " +
                context.environment.services.string());
    host::verbose(
        "Services and apps go on running. Each app is on Docker links again from its "
        "next deploy.");
}

}  // namespace official
