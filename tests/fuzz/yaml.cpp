// The YAML of our state files: written and read again it is the same.
#include "service/yaml.h"

#include "fuzz.h"

namespace {

bool same(const service::Yaml& left, const service::Yaml& right) {
    if (left.items.size() != right.items.size() || left.entries.size() != right.entries.size())
        return false;
    for (std::size_t i = 0; i < left.items.size(); ++i)
        if (!same(left.items[i], right.items[i])) return false;
    for (std::size_t i = 0; i < left.entries.size(); ++i)
        if (left.entries[i].first != right.entries[i].first ||
            !same(left.entries[i].second, right.entries[i].second))
            return false;
    return left.text == right.text;
}

}  // namespace

void attack(std::string_view bytes) {
    service::Yaml yaml;
    if (!fuzz::refusal([&] { yaml = service::parse_yaml(std::string(bytes), "file"); }).empty())
        return;
    std::string text;
    // a text that no YAML can hold is refused, never written as another one
    if (!fuzz::refusal([&] { text = service::to_string(yaml); }).empty()) return;
    fuzz::hold(same(service::parse_yaml(text, "file"), yaml), "what is written is what is read");
}
