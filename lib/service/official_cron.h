// The official plugin's backup lines in the host's cron, and a line that replaces them.
#pragma once

#include <filesystem>
#include <optional>
#include <string>
#include <string_view>

#include "service/service.h"

namespace service {

/// The file in /etc/cron.d with the official plugin's line for a service.
std::filesystem::path cron_file(const Service& service);
/// The schedule of `postgres:backup` in that line, in cron's notation; nothing if there is no such
/// line.
std::optional<std::string> backup_schedule(const Service& service);
/// A line for /etc/cron.d that exports a service and keeps the last complete dump.
std::string export_line(std::string_view schedule, std::string_view service);

}  // namespace service
