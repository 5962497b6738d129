// What Dokku's helpers print, read.
#pragma once

#include <map>
#include <string>
#include <string_view>
#include <vector>

#include "host/dokku.h"

namespace host {

/// The lines that are not empty.
std::vector<std::string> lines_of(std::string_view text);
/// The last of them: lines of progress may stand before an answer.
std::string last_line(std::string_view text);
/// Options that the bash of Dokku before 0.38 prints on one line: each begins with a dash.
std::vector<std::string> split_options(std::string_view line);
/// The variables of `config export --format json`; throws Error when it is not that.
Config read_config(const std::string& app, std::string_view text);
/// The properties of `prop get-all`: a line `KEY VALUE` each.
std::map<std::string, std::string> read_properties(std::string_view text);
/// What a helper said last, for the hint of an error; nothing when one of these values is in it.
std::string said(std::string_view errors, const Config& secrets);

}  // namespace host
