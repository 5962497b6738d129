// The words of a call as Dokku passes them.
#include "cli/words.h"

namespace cli {

std::vector<std::string> words_of(std::string_view command, std::vector<std::string> words) {
    const std::string full = "postgres:" + std::string(command);
    if (!words.empty() && (words[0] == full || (command == "default" && words[0] == "postgres")))
        words.erase(words.begin());
    return words;
}

}  // namespace cli
