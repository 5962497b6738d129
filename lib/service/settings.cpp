// Settings as typed for create, clone, upgrade and set: checked and applied in one place.
#include "service/settings.h"

#include <algorithm>

#include "error/error.h"
#include "service/shell_words.h"
#include "value/bytes.h"

namespace service {

namespace {

// The value as the official plugin stores it: a size as a number without its unit.
std::string kept(const SettingRow& row, const std::string& typed) {
    if (row.kind == Kind::size && row.unit > 1) {
        const auto bytes = value::parse_limit(typed, row.unit);
        return bytes ? std::to_string(bytes->count / row.unit) : typed;
    }
    if (row.kind != Kind::variables) return typed;
    std::string lines;
    for (const auto& entry : split(typed, ';')) lines += entry + "\n";
    return lines;
}

std::string typed(const SettingRow& row, const Record& record) {
    if (row.networks != nullptr) return joined(record.*row.networks, ",");
    std::string text = record.*row.text;
    if (row.kind == Kind::variables) std::replace(text.begin(), text.end(), '\n', ';');
    return text;
}

}  // namespace

bool Settings::empty() const {
    return std::none_of(said_.begin(), said_.end(),
                        [](const Text& text) { return text.has_value(); });
}

void Settings::take(const Settings& further) {
    for (std::size_t i = 0; i < said_.size(); ++i)
        if (further.said_[i]) said_[i] = further.said_[i];
}

void check(const Settings& settings) {
    for (const auto& row : setting_rows) {
        const auto& text = settings[row.setting];
        if (text && !text->empty()) row.check(*text);
    }
}

// An app's image is named dokku/APP, and it also has an id.
void check_visible_image(const Context& context, const Settings& settings) {
    const std::string image = settings[Setting::image].value_or("");
    constexpr std::size_t shortest_id = 6;
    const bool may_be_id = image.starts_with("sha256:") ||
                           (image.size() >= shortest_id &&
                            image.find_first_not_of("0123456789abcdef") == std::string::npos);
    const bool may_be_apps =
        image.starts_with("dokku/") || image.find("/dokku/") != std::string::npos;
    if ((!may_be_id && !may_be_apps) || !context.dokku.is_filtered()) return;
    throw Error{
        "image '" + image + "' cannot be used here",
        "A plugin of this host limits what people see: neither images of apps nor ids of images "
        "are taken.",
        Exit::refused};
}

void check_networks(const Context& context, const Settings& settings) {
    for (const auto& row : setting_rows) {
        if (row.networks == nullptr) continue;
        for (const auto& name : split(settings[row.setting].value_or(""), ',')) {
            if (name != network && !context.engine.has_network(name))
                throw usage_error("there is no network '" + name + "'",
                                  "Make it with: dokku network:create " + name);
        }
    }
}

void apply(const Settings& settings, Record& record) {
    for (const auto& row : setting_rows) {
        const auto& text = settings[row.setting];
        if (!text) continue;
        if (row.networks != nullptr) {
            record.*row.networks = split(*text, ',');
        } else {
            record.*row.text = kept(row, *text);
        }
    }
}

Settings settings_of(const Record& record) {
    Settings settings;
    for (const auto& row : setting_rows) settings[row.setting] = typed(row, record);
    return settings;
}

Settings setting(const std::string& key, const std::string& value) {
    std::string names;
    for (const auto& row : setting_rows) {
        if (!row.is_key) continue;
        if (row.name == key) return {{row.setting, value}};
        names += (names.empty() ? "" : ", ") + std::string(row.name);
    }
    throw usage_error("Invalid key specified, valid keys include: " + names);
}

}  // namespace service
