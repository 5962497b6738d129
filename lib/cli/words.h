// The words of a call as Dokku passes them.
#pragma once

#include <string>
#include <string_view>
#include <vector>

namespace cli {

/// The words of a call without the command's name, which Dokku passes as the first word.
std::vector<std::string> words_of(std::string_view command, std::vector<std::string> words);

}  // namespace cli
