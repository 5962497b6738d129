// Parses the output of Dokku's helper programs.
#include "host/answers.h"

#include <algorithm>
#include <boost/json.hpp>

#include "error/error.h"
#include "host/log.h"

namespace host {

std::vector<std::string> lines_of(std::string_view text) {
    std::vector<std::string> found;
    while (!text.empty()) {
        const auto end = text.find('\n');
        if (end != 0) found.emplace_back(text.substr(0, end));
        text.remove_prefix(end == std::string_view::npos ? text.size() : end + 1);
    }
    return found;
}

std::string last_line(std::string_view text) {
    const auto all = lines_of(text);
    return all.empty() ? std::string{} : all.back();
}

std::vector<std::string> split_options(std::string_view line) {
    std::vector<std::string> options;
    while (!line.empty()) {
        const auto end = line.find(' ');
        const auto word = line.substr(0, end);
        if (!word.empty()) {
            if (word.front() == '-' || options.empty()) {
                options.emplace_back(word);
            } else {
                options.back().append(" ").append(word);
            }
        }
        line.remove_prefix(end == std::string_view::npos ? line.size() : end + 1);
    }
    return options;
}

Config read_config(const std::string& app, std::string_view text) {
    boost::system::error_code error;
    const auto json = boost::json::parse(last_line(text), error);
    if (error || !json.is_object()) {
        throw Error{"cannot read the config of app '" + app + "'",
                    "Dokku's config plugin did not answer with JSON."};
    }
    Config found;
    for (const auto& [key, value] : json.get_object()) {
        const auto* string = value.if_string();
        found.emplace(key, string != nullptr ? std::string{string->begin(), string->end()}
                                             : boost::json::serialize(value));
    }
    return found;
}

std::map<std::string, std::string> read_properties(std::string_view text) {
    std::map<std::string, std::string> found;
    for (const auto& line : lines_of(text)) {
        const auto space = line.find(' ');
        if (space != std::string::npos) {
            found.emplace(line.substr(0, space), line.substr(space + 1));
        }
    }
    return found;
}

std::string error_hint(std::string_view errors, const Config& secrets) {
    const auto shows_one = [&](std::string_view shown) {
        return std::any_of(secrets.begin(), secrets.end(), [&](const auto& secret) {
            return !secret.second.empty() && shown.find(secret.second) != std::string_view::npos;
        });
    };
    const std::string line = last_line(errors);
    const auto text = line.find_first_not_of(" !");
    if (shows_one(errors) || text == std::string::npos) return {};
    std::string shown = "Dokku says: " + printable(std::string_view{line}.substr(text));
    // a secret may appear only now, without the control characters within it
    return shows_one(shown) ? std::string{} : shown;
}

}  // namespace host
