// The subset of YAML that our state files use: texts, lists and maps.
#pragma once

#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace state {

/// A text, a list or a map. A missing entry is an empty text.
struct Yaml {
    std::string text = {};
    std::vector<Yaml> items = {};
    std::vector<std::pair<std::string, Yaml>> entries = {};

    /// The entry of that key, an empty text when there is none.
    const Yaml& operator[](std::string_view key) const;
    /// Whether there is an entry of that key.
    bool has(std::string_view key) const;
    /// The texts of a list.
    std::vector<std::string> texts() const;
    /// A list of texts.
    static Yaml list(const std::vector<std::string>& texts);
    bool operator==(const Yaml&) const = default;
};

/// Parses a document. Throws Error, which names `path`, if it is not YAML, or larger or deeper than
/// our files ever are.
Yaml parse_yaml(const std::string& text, const std::string& path);
/// Writes a document with every text in quotes. Throws Error for a text that parse_yaml() would not
/// return unchanged.
std::string to_string(const Yaml& yaml);

}  // namespace state
