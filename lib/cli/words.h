// The words of a call as Dokku hands them over.
#pragma once

#include <string>
#include <string_view>
#include <vector>

namespace cli {

/// The words of a call without its first one where that repeats the command's name, as Dokku
/// has it.
std::vector<std::string> words_of(std::string_view command, std::vector<std::string> words);

}  // namespace cli
