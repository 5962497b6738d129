// Settings as typed for create, clone, upgrade and set: checked and applied in one place.
#pragma once

#include <array>
#include <initializer_list>
#include <optional>
#include <string>
#include <utility>

#include "service/record.h"
#include "service/service.h"
#include "service/settings_table.h"

namespace service {

/// Settings as they were typed. Nothing: the setting was not named; an empty text: the default.
class Settings {
public:
    using Text = std::optional<std::string>;

    Settings() = default;
    Settings(std::initializer_list<std::pair<Setting, Text>> said) {
        for (const auto& [setting, text] : said) (*this)[setting] = text;
    }

    Text& operator[](Setting setting) { return said_[index_of(setting)]; }
    const Text& operator[](Setting setting) const { return said_[index_of(setting)]; }
    /// Whether no setting was named.
    bool empty() const;
    /// Adds the settings of the other one; they replace those of this one.
    void take(const Settings& further);

private:
    std::array<Text, setting_count> said_ = {};
};

/// Throws a usage Error for an invalid value. Asks neither Docker nor Dokku.
void check(const Settings& settings);
/// If a plugin filters what the user sees, throws Error for an image that may be an app's.
void check_visible_image(const Context& context, const Settings& settings);
/// Throws a usage Error for a network that does not exist; one engine call for each network.
void check_networks(const Context& context, const Settings& settings);
/// Sets the named settings in the record.
void apply(const Settings& settings, Record& record);
/// All settings of a record, as they would be typed.
Settings settings_of(const Record& record);

/// The setting for a key of `postgres:set` (initial-network and so on). Throws a usage Error, which
/// lists the keys, for any other key.
Settings setting(const std::string& key, const std::string& value);

}  // namespace service
