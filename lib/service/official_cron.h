// The official plugin's backup lines in the host's cron, and a line that takes their place.
#pragma once

#include <filesystem>
#include <optional>
#include <string>
#include <string_view>

#include "service/service.h"

namespace service {

/// The file in which the official plugin keeps a service's line.
std::filesystem::path cron_file(const Service& service);
/// When that line runs `postgres:backup`, as cron writes it; nothing when there is no such line.
std::optional<std::string> backup_schedule(const Service& service);
/// A line for /etc/cron.d that exports a service and keeps the last whole dump.
std::string export_line(std::string_view schedule, std::string_view service);

}  // namespace service
