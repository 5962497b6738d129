// Parses the output of Dokku's helper programs.
#pragma once

#include <map>
#include <string>
#include <string_view>
#include <vector>

#include "host/dokku.h"

namespace host {

/// The lines that are not empty.
std::vector<std::string> lines_of(std::string_view text);
/// The last line that is not empty: progress may precede an answer.
std::string last_line(std::string_view text);
/// Splits the docker options that Dokku before 0.38 prints on one line; each begins with a dash.
std::vector<std::string> split_options(std::string_view line);
/// The variables in the output of `config export --format json`; throws Error if it cannot be
/// parsed.
Config read_config(const std::string& app, std::string_view text);
/// The properties in the output of `prop get-all`, from lines `KEY VALUE`.
std::map<std::string, std::string> read_properties(std::string_view text);
/// The last line of a helper's stderr as a hint; empty if it holds one of these secret values.
std::string error_hint(std::string_view errors, const Config& secrets);

}  // namespace host
