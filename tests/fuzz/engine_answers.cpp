// What the docker client prints beside JSON.
#include "engine/answers.h"

#include "fuzz.h"

void attack(std::string_view bytes) {
    const std::string text(bytes);
    const auto lines = engine::lines_of(text);
    for (const auto& line : lines)
        fuzz::hold(!line.empty() && line.find('\n') == std::string::npos, "a line is one line");
    const std::string word = engine::last_message(text);
    fuzz::hold(word.find('\n') == std::string::npos && text.find(word) != std::string::npos,
               "the last word is a line of what was said");
    fuzz::hold(engine::count_missing(text, "container") <= lines.size(), "one miss a line at most");
    for (const auto& [name, state] : engine::read_states(text))
        fuzz::hold(name.find_first_of("/,\t") == std::string::npos &&
                       text.find(state) != std::string::npos,
                   "a name is one name");
}
