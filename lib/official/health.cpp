// The problems of a service, each as a sentence that says what to do.

#include "official/health.h"

#include <algorithm>
#include <charconv>
#include <filesystem>

#include "error/error.h"
#include "service/links.h"
#include "service/official_cron.h"
#include "service/record.h"
#include "service/unfinished.h"
#include "state/files.h"

namespace official {

namespace fs = std::filesystem;

namespace {

using Lines = std::vector<std::string>;

std::optional<int> leading_number(const std::string& text) {
    int number = 0;
    const auto [end, failure] = std::from_chars(text.data(), text.data() + text.size(), number);
    if (failure != std::errc{} || end == text.data()) return {};
    return number;
}

std::optional<int> version_in(const fs::path& folder) {
    try {
        return leading_number(state::read_trimmed(folder / "PG_VERSION").value_or(""));
    } catch (const Error&) {
        return {};  // only the image's user may read it
    }
}

// The second generation of the official plugin mounts its certificate from certs/.
bool has_stale_certs(const service::Service& service,
                     const std::optional<engine::Container>& container) {
    std::error_code ignored;
    if (!fs::is_directory(service.file("certs"), ignored)) return false;
    const std::string certs = (service.host_folder / "certs").string();
    return !container || std::none_of(container->mounts.begin(), container->mounts.end(),
                                      [&](const auto& mount) { return mount.source == certs; });
}

void check_container(const service::Service& service,
                     const std::optional<engine::Container>& container,
                     const service::Record& record, Lines& lines) {
    const std::string name = "service " + service.name;
    const auto left = service::unfinished(service);
    if (left && left->blocks) {
        lines.push_back(name + " was never finished: run 'dokku postgres:create " + service.name +
                        "' again, or destroy it");
    } else if (record.image.empty() && !container) {
        lines.push_back(name +
                        " has no IMAGE file and no container that shows its image: write both " +
                        service.file("IMAGE").string() + " and IMAGE_VERSION, then run 'dokku " +
                        "postgres:start " + service.name + "'");
    } else if (!container) {
        lines.push_back(name + " has no container: 'dokku postgres:start " + service.name +
                        "' makes it again, its data are there");
    }
    const auto major = data_major(service);
    const auto wanted = leading_number(record.image_version);
    if (major && wanted && *major != *wanted && !(container && container->running())) {
        lines.push_back(name + " has data of PostgreSQL " + std::to_string(*major) +
                        " but the image " + record.reference() +
                        ", which cannot start on them: run 'dokku postgres:upgrade " +
                        service.name + " --image-version " + std::to_string(*major) + "'");
    }
}

void check_files(const service::Service& service, const std::optional<engine::Container>& container,
                 Lines& lines) {
    const std::string name = "service " + service.name;
    if (!state::read_trimmed(service.file("PASSWORD"))) {
        lines.push_back(name + " has no password: write the superuser's to " +
                        service.file("PASSWORD").string());
    }
    if (has_stale_certs(service, container)) {
        lines.push_back(name + " has a folder certs/ that an interrupted start of the official " +
                        "plugin left: nothing needs it here, but going back does not work " +
                        "before 'rm -r " + service.file("certs").string() + "'");
    }
}

// The second generation keeps schedules in properties, from which its own trigger makes cron lines.
void check_backups(const service::Service& service, Lines& lines) {
    const std::string file = service::cron_file(service).string();
    if (const auto schedule = service::backup_schedule(service)) {
        lines.push_back("service " + service.name + " is not backed up: " + file +
                        " runs postgres:backup, which a later version of this plugin brings, and "
                        "fails each time. Until then put this line there instead: " +
                        service::export_line(*schedule, service.name));
        return;
    }
    std::error_code unreadable;
    if (!fs::exists(service.file("DEFINITION"), unreadable)) return;
    const auto schedule = service.dokku().property(service.name, "backup-schedule");
    if (schedule.empty() || fs::exists(file, unreadable)) return;
    lines.push_back("service " + service.name +
                    " is not backed up: the official plugin did it at '" + schedule +
                    "', and a later version of this plugin will. Until then put this " +
                    "line into " + file + ": " + service::export_line(schedule, service.name));
}

void say_links(const service::Service& service, const std::vector<std::string>& apps,
               Lines& lines) {
    for (const auto& app : service::linked_apps(service)) {
        if (std::find(apps.begin(), apps.end(), app) != apps.end()) continue;
        lines.push_back("service " + service.name + " is linked to app " + app +
                        ", which is gone: run 'dokku postgres:unlink " + service.name + " " + app +
                        "'");
    }
    service::link_details(service);
}

}  // namespace

std::optional<int> data_major(const service::Service& service) {
    const fs::path data = service.file("data");
    if (const auto major = version_in(data)) return major;
    // later images have a folder for each major; the newest one is in use
    std::optional<int> newest;
    std::error_code unreadable;
    for (const auto& entry : fs::directory_iterator(data, unreadable)) {
        const auto major = version_in(entry.path() / "docker");
        if (major && (!newest || *major > *newest)) newest = major;
    }
    return newest;
}

std::vector<std::string> problems(const service::Service& service,
                                  const std::optional<engine::Container>& container,
                                  const std::vector<std::string>& apps) {
    Lines lines;
    try {
        check_container(service, container, service::read_record(service), lines);
        check_files(service, container, lines);
        say_links(service, apps, lines);
        check_backups(service, lines);
    } catch (const Error& error) {
        lines.push_back("service " + service.name + ": " + error.what());
        if (!error.hint().empty()) lines.back() += ". " + error.hint();
    }
    return lines;
}

void remember_image(const service::Service& service, const engine::Container& container) {
    if (container.image.empty() || state::read_trimmed(service.file("IMAGE"))) return;
    service::Record record;
    service::set_reference(record, container.image);
    if (record.image_version.empty()) return;  // created by id or digest
    state::write_file(service.file("IMAGE"), record.image + "\n", state::plain);
    state::write_file(service.file("IMAGE_VERSION"), record.image_version + "\n", state::plain);
}

}  // namespace official
