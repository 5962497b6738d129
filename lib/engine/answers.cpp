// Parses output of the docker client that is not JSON.
#include "engine/answers.h"

#include <algorithm>
#include <cctype>
#include <sstream>

namespace engine {

std::vector<std::string> lines_of(const std::string& text) {
    std::vector<std::string> lines;
    std::istringstream stream{text};
    for (std::string line; std::getline(stream, line);) {
        while (!line.empty() && std::isspace(static_cast<unsigned char>(line.back())) != 0) {
            line.pop_back();
        }
        if (!line.empty()) lines.push_back(line);
    }
    return lines;
}

std::string last_message(const std::string& text) {
    std::string found;
    bool engines = false;
    for (const auto& line : lines_of(text)) {
        const auto begin = line.find(from_engine);
        if (begin != std::string::npos) {
            found = line.substr(begin + from_engine.size());
            engines = true;
        } else if (!engines && !line.starts_with("Run '") && !line.starts_with("See '")) {
            found = line;
        }
    }
    return found;
}

bool contains(const std::string& text, std::string_view words) {
    const auto same = [](char a, char b) {
        return std::tolower(static_cast<unsigned char>(a)) ==
               std::tolower(static_cast<unsigned char>(b));
    };
    return std::search(text.begin(), text.end(), words.begin(), words.end(), same) != text.end();
}

std::size_t count_missing(const std::string& errors, const std::string& kind) {
    const auto lines = lines_of(errors);
    return static_cast<std::size_t>(
        std::count_if(lines.begin(), lines.end(),
                      [&](const std::string& line) { return contains(line, "no such " + kind); }));
}

std::map<std::string, std::string> read_states(const std::string& text) {
    std::map<std::string, std::string> found;
    for (const auto& line : lines_of(text)) {
        const auto tab = line.find('\t');
        if (tab == std::string::npos) continue;
        // Besides its own name a container has those that links of other containers gave it,
        // `other/alias`.
        std::istringstream names{line.substr(0, tab)};
        for (std::string name; std::getline(names, name, ',');) {
            if (name.find('/') == std::string::npos) found[name] = line.substr(tab + 1);
        }
    }
    return found;
}

}  // namespace engine
