// What Dokku's helpers print.
#include "host/answers.h"

#include "fuzz.h"

void attack(std::string_view bytes) {
    for (const auto& line : host::lines_of(bytes))
        fuzz::hold(!line.empty() && line.find('\n') == std::string::npos, "a line is one line");
    fuzz::hold(bytes.find(host::last_line(bytes)) != std::string_view::npos, "a line of the text");
    std::string joined;
    const auto options = host::split_options(bytes);
    for (const auto& option : options) joined += (joined.empty() ? "" : " ") + option;
    fuzz::hold(host::split_options(joined) == options, "options stay apart");
    host::Config config;
    fuzz::refusal([&] { config = host::read_config("app", bytes); });
    for (const auto& [key, value] : host::read_properties(bytes))
        fuzz::hold(key.find(' ') == std::string::npos, "a key is one word");

    config["SECRET"] = "hunter2secret";
    for (const auto& [key, value] : config) {
        const auto shown = host::error_hint(" !     bad value " + value + " of " + key, config);
        fuzz::hold(value.size() < 4 || shown.empty(), "no value of the config is shown");
    }
    const auto shown = host::error_hint(bytes, config);
    fuzz::hold(fuzz::is_drawable(shown), "what Dokku says can be drawn");
    fuzz::hold(shown.find(config["SECRET"]) == std::string::npos, "no secret is shown");
}
