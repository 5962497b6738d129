// The little YAML that our own state files use: texts, lists and maps.
#pragma once

#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace state {

/// A text, a list or a map. An absent thing is an empty text.
struct Yaml {
    std::string text = {};
    std::vector<Yaml> items = {};
    std::vector<std::pair<std::string, Yaml>> entries = {};

    /// The entry of that key, an empty text when there is none.
    const Yaml& operator[](std::string_view key) const;
    bool has(std::string_view key) const;
    /// The texts of a list.
    std::vector<std::string> texts() const;
    /// A list of texts.
    static Yaml list(const std::vector<std::string>& texts);
    bool operator==(const Yaml&) const = default;
};

/// Reads a document; throws Error that names `path` when it is no YAML, or larger or deeper than
/// ours ever are.
Yaml parse_yaml(const std::string& text, const std::string& path);
/// Writes a document, every text quoted; throws Error for what would not be read again as it is.
std::string to_string(const Yaml& yaml);

}  // namespace state
