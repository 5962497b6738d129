// What a person may ask of a service's settings, at create, clone, upgrade and set: checked in one
// place, applied in one place.
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

/// Settings as they were typed; nothing for what was not said, an empty text to go back to the
/// default.
class Settings {
public:
    using Text = std::optional<std::string>;

    Settings() = default;
    Settings(std::initializer_list<std::pair<Setting, Text>> said) {
        for (const auto& [setting, text] : said) (*this)[setting] = text;
    }

    Text& operator[](Setting setting) { return said_[index_of(setting)]; }
    const Text& operator[](Setting setting) const { return said_[index_of(setting)]; }
    /// Whether nothing was said.
    bool empty() const;
    /// Takes what was said in the other one, in place of what is said here.
    void take(const Settings& further);

private:
    std::array<Text, setting_count> said_ = {};
};

/// Throws a usage Error for a setting that no service can have; asks nobody.
void check(const Settings& settings);
/// Throws Error, where a plugin decides what the user sees, for an image that may be an app's.
void check_visible_image(const Context& context, const Settings& settings);
/// Throws a usage Error for a network that the engine does not have; one engine call for each that
/// is named.
void check_networks(const Context& context, const Settings& settings);
/// Puts the settings that were said into the record.
void apply(const Settings& settings, Record& record);
/// Every setting of a record, as it would be typed.
Settings settings_of(const Record& record);

/// The setting of a key of `postgres:set`, initial-network and so on; throws a usage Error that
/// names the keys for any other one.
Settings setting(const std::string& key, const std::string& value);

}  // namespace service
