// The YAML of our state files: written and read again it is the same, or refused for what it holds.
#include "state/yaml.h"

#include <algorithm>

#include "fuzz.h"

namespace {

// U+FFFE and U+FFFF of every plane, U+FDD0 to U+FDEF.
bool is_noncharacter(std::string_view one) {
    const auto byte = [&](std::size_t at) { return static_cast<unsigned char>(one[at]); };
    if (one.size() == 3 && byte(0) == 0xef && byte(1) == 0xb7)
        return byte(2) >= 0x90 && byte(2) <= 0xaf;
    if (one.size() < 3 || byte(one.size() - 1) < 0xbe || byte(one.size() - 2) != 0xbf) return false;
    return one.size() == 3 ? byte(0) == 0xef : (byte(1) & 0x0fU) == 0x0fU;
}

bool is_odd(std::string_view text) {
    while (!text.empty()) {
        const auto length = error::utf8_length(text);
        if (length == 0 || is_noncharacter(text.substr(0, length))) return true;
        text.remove_prefix(length);
    }
    return false;
}

// Keys stand without quotes: ours are words.
bool is_word(std::string_view key) {
    return !key.empty() && key.front() != '-' &&
           key.find_first_not_of("abcdefghijklmnopqrstuvwxyz-") == std::string_view::npos;
}

bool is_odd(const state::Yaml& yaml) {
    const auto odd_item = [](const state::Yaml& item) { return is_odd(item); };
    const auto odd_entry = [](const auto& entry) {
        return !is_word(entry.first) || is_odd(entry.second);
    };
    return is_odd(yaml.text) || std::any_of(yaml.items.begin(), yaml.items.end(), odd_item) ||
           std::any_of(yaml.entries.begin(), yaml.entries.end(), odd_entry);
}

}  // namespace

void attack(std::string_view bytes) {
    state::Yaml yaml;
    if (!fuzz::refusal([&] { yaml = state::parse_yaml(std::string(bytes), "file"); }).empty())
        return;
    std::string text;
    const bool is_kept = fuzz::refusal([&] { text = state::to_string(yaml); }).empty();
    fuzz::hold(is_kept || is_odd(yaml), "Unicode under a word is kept");
    if (is_kept)
        fuzz::hold(state::parse_yaml(text, "file") == yaml, "what is written is what is read");
}
