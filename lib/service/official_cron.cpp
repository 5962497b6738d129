// The official plugin's backup lines in the host's cron, and a line that replaces them.

#include "service/official_cron.h"

#include <sstream>

#include "state/files.h"

namespace service {

namespace {

// The five fields of cron, or one such as `@daily`.
std::string schedule_of(const std::string& line) {
    std::istringstream words(line);
    std::string schedule;
    words >> schedule;
    if (schedule.starts_with('@')) return schedule;
    std::string word;
    for (int field = 1; field < 5 && words >> word; ++field) schedule += " " + word;
    return schedule;
}

}  // namespace

std::filesystem::path cron_file(const Service& service) {
    return service.environment().cron / ("dokku-postgres-" + service.name);
}

std::optional<std::string> backup_schedule(const Service& service) {
    for (const auto& line : state::read_lines(cron_file(service))) {
        if (!line.starts_with('#') && line.find("postgres:backup ") != std::string::npos)
            return schedule_of(line);
    }
    return {};
}

std::string export_line(std::string_view schedule, std::string_view service) {
    const std::string dump = "/var/backups/" + std::string(service) + ".dump";
    return std::string(schedule) + " root umask 077; /usr/bin/dokku --quiet postgres:export " +
           std::string(service) + " > " + dump + ".new && mv " + dump + ".new " + dump;
}

}  // namespace service
