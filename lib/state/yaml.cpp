// The only file that uses yaml-cpp.

#include "state/yaml.h"

#include <yaml-cpp/yaml.h>

#include <algorithm>

#include "error/error.h"
#include "error/utf8.h"

namespace state {

namespace {

/// Copies a document; throws if its aliases make it too large.
class Copy {
public:
    Yaml copy(const YAML::Node& node, int depth) {
        if (depth > 16 || ++nodes_ > 100'000)
            throw YAML::Exception(node.Mark(), "too large or too deep");
        Yaml yaml;
        if (node.IsScalar()) yaml.text = node.Scalar();
        if (node.IsSequence()) {
            for (const auto& item : node) yaml.items.push_back(copy(item, depth + 1));
        }
        if (node.IsMap()) {
            for (const auto& entry : node) {
                yaml.entries.emplace_back(entry.first.as<std::string>(),
                                          copy(entry.second, depth + 1));
            }
        }
        return yaml;
    }

private:
    int nodes_ = 0;
};

Error not_kept() {
    return Error{"a text that is not UTF-8, or holds a noncharacter, cannot be stored",
                 "Use names and paths in UTF-8."};
}

const std::string& kept(const std::string& text) {
    if (!error::is_utf8(text)) throw not_kept();
    return text;
}

void emit(YAML::Emitter& out, const Yaml& yaml) {
    if (!yaml.entries.empty()) {
        out << YAML::BeginMap;
        for (const auto& [key, value] : yaml.entries) {
            out << YAML::Key << kept(key) << YAML::Value;
            emit(out, value);
        }
        out << YAML::EndMap;
    } else if (!yaml.items.empty()) {
        out << YAML::BeginSeq;
        for (const auto& item : yaml.items) emit(out, item);
        out << YAML::EndSeq;
    } else {
        out << YAML::DoubleQuoted << kept(yaml.text);
    }
}

}  // namespace

const Yaml& Yaml::operator[](std::string_view key) const {
    static const Yaml nothing;
    const auto found = std::find_if(entries.begin(), entries.end(),
                                    [&](const auto& entry) { return entry.first == key; });
    return found == entries.end() ? nothing : found->second;
}

bool Yaml::has(std::string_view key) const {
    return std::any_of(entries.begin(), entries.end(),
                       [&](const auto& entry) { return entry.first == key; });
}

std::vector<std::string> Yaml::texts() const {
    std::vector<std::string> texts;
    for (const auto& item : items) texts.push_back(item.text);
    return texts;
}

Yaml Yaml::list(const std::vector<std::string>& texts) {
    Yaml yaml;
    for (const auto& text : texts) yaml.items.push_back({.text = text});
    return yaml;
}

Yaml parse_yaml(const std::string& text, const std::string& path) {
    try {
        return Copy().copy(YAML::Load(text), 0);
    } catch (const YAML::Exception& problem) {
        throw Error{"cannot read '" + path + "': line " + std::to_string(problem.mark.line + 1) +
                        ": " + problem.msg,
                    "Correct the file by hand, or move it away."};
    }
}

std::string to_string(const Yaml& yaml) {
    YAML::Emitter out;
    emit(out, yaml);
    std::string text = std::string(out.c_str()) + "\n";
    // The emitter replaces characters that it takes for invalid.
    if (parse_yaml(text, "YAML") != yaml) throw not_kept();
    return text;
}

}  // namespace state
