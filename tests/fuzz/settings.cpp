// What a person may type of a service: names, settings, ports, volumes.
#include "service/settings.h"

#include "fuzz.h"
#include "host/dokku.h"
#include "server/expose.h"
#include "server/volumes.h"
#include "service/shell_words.h"

using service::Setting;

namespace {

bool has_control(const std::string& text) {
    for (const char c : text)
        if (static_cast<unsigned char>(c) < 0x20 || c == 0x7f) return true;
    return false;
}

void check_setting(const std::string& key, const std::string& value) {
    const auto settings = service::setting(key, value);
    service::check(settings);
    service::Record record;
    service::apply(settings, record);
    for (const auto* text : {&record.memory, &record.shm_size, &record.config_options})
        fuzz::hold(!has_control(*text), "a setting holds no control character");
    for (const auto& line : fuzz::parts(record.custom_env, '\n'))
        fuzz::hold(!has_control(line) && (line.empty() || line.find('=') != std::string::npos),
                   "a line of the environment is a variable");
    for (const auto* networks :
         {&record.initial_network, &record.post_create_network, &record.post_start_network})
        for (const auto& name : *networks)
            fuzz::hold(!name.empty() && name.front() != '-' &&
                           name.find_first_of(" /,=:\"'") == std::string::npos,
                       "the name of a network is no option");
}

void check_image(const std::string& image, const std::string& version) {
    service::check({{Setting::image, image}, {Setting::image_version, version}});
    fuzz::hold(image.empty() || (image.front() != '-' && !has_control(image)), "no option");
    fuzz::hold(version.empty() || version.find_first_of("/:@ ") == std::string::npos, "a tag");
}

void check_port(const std::string& text) {
    const auto where = server::parse_host_port(text);
    fuzz::hold(where.port >= 1024 && where.port <= 65535, "a port that anybody may have");
    const auto again = server::parse_host_port(server::to_string(where));
    fuzz::hold(again.ip == where.ip && again.port == where.port, "a printed port is the same port");
}

void check_volume(const std::string& text) {
    const auto volume = server::parse_volume(text);
    for (const auto* path : {&volume.source, &volume.target})
        fuzz::hold(path->starts_with('/') && path->find("/../") == std::string::npos &&
                       path->find_first_of(",:\n") == std::string::npos && !path->ends_with("/.."),
                   "an absolute path that is no mount option");
    const auto again =
        server::parse_volume(volume.source + ":" + volume.target + (volume.read_only ? ":ro" : ""));
    fuzz::hold(again.source == volume.source && again.target == volume.target &&
                   again.read_only == volume.read_only,
               "a printed volume is the same volume");
}

void check_names(const std::string& text) {
    if (host::is_app_name(text))
        fuzz::hold(text.find_first_of("/ -\n") != 0 && text.find('/') == std::string::npos,
                   "an app's name is no path");
    service::check_name(text);
    fuzz::hold(text.find('/') == std::string::npos && text.front() != '-' && text.front() != '.' &&
                   text.size() <= 48,
               "a service's name is one entry of a folder");
}

}  // namespace

// A word, a NUL, a value.
void attack(std::string_view bytes) {
    const auto parts = fuzz::parts(bytes, '\0');
    const std::string& word = parts.front();
    const std::string& value = parts.back();
    fuzz::refusal([&] { check_setting(word, value); });
    fuzz::refusal([&] { check_image(word, value); });
    fuzz::refusal([&] { check_port(word); });
    fuzz::refusal([&] { check_volume(word); });
    fuzz::refusal([&] { check_names(word); });
}
