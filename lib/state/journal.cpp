// The journal of a service's operation, as JSON.
#include "state/journal.h"

#include <boost/json.hpp>
#include <string_view>

#include "error/error.h"
#include "state/files.h"

namespace state {

namespace json = boost::json;

namespace {

std::string text_of(const json::object& object, std::string_view key) {
    const auto* value = object.if_contains(key);
    const auto* text = value != nullptr ? value->if_string() : nullptr;
    return text != nullptr ? std::string{text->begin(), text->end()} : std::string{};
}

std::vector<std::string> texts_of(const json::object& object, std::string_view key) {
    std::vector<std::string> texts;
    const auto* value = object.if_contains(key);
    const auto* list = value != nullptr ? value->if_array() : nullptr;
    if (list == nullptr) return texts;
    for (const auto& one : *list) {
        if (const auto* text = one.if_string()) texts.emplace_back(text->begin(), text->end());
    }
    return texts;
}

std::map<std::string, std::string> map_of(const json::object& object, std::string_view key) {
    std::map<std::string, std::string> found;
    const auto* value = object.if_contains(key);
    const auto* entries = value != nullptr ? value->if_object() : nullptr;
    if (entries == nullptr) return found;
    for (const auto& entry : *entries) found.emplace(entry.key(), text_of(*entries, entry.key()));
    return found;
}

bool flag_of(const json::object& object, std::string_view key) {
    const auto* value = object.if_contains(key);
    const auto* flag = value != nullptr ? value->if_bool() : nullptr;
    return flag != nullptr && *flag;
}

}  // namespace

std::filesystem::path journal_path(const std::filesystem::path& folder) {
    return folder / "operation.json";
}

std::optional<Journal> read_journal(const std::filesystem::path& folder) {
    const auto path = journal_path(folder);
    const auto text = read_file(path);
    if (!text) return {};
    boost::system::error_code failed;
    // arguments and settings are bytes that somebody typed
    const auto parsed = json::parse(*text, failed, {}, {.allow_invalid_utf8 = true});
    const auto* object = failed ? nullptr : parsed.if_object();
    if (object == nullptr || text_of(*object, "operation").empty()) {
        throw Error{"'" + path.string() + "' is not the journal of an operation",
                    "It says what an interrupted command left unfinished. Remove it once the "
                    "service is as it should be."};
    }
    return Journal{.operation = text_of(*object, "operation"),
                   .arguments = texts_of(*object, "arguments"),
                   .step = text_of(*object, "step"),
                   .memory = map_of(*object, "memory"),
                   .blocks = flag_of(*object, "blocks"),
                   .found = text_of(*object, "found"),
                   .finish = text_of(*object, "finish")};
}

void write_journal(const std::filesystem::path& folder, const Journal& journal) {
    json::object memory;
    for (const auto& [key, value] : journal.memory) memory[key] = value;
    const json::object object = {
        {"operation", journal.operation},
        {"arguments", json::array(journal.arguments.begin(), journal.arguments.end())},
        {"step", journal.step},
        {"memory", memory},
        {"blocks", journal.blocks},
        {"found", journal.found},
        {"finish", journal.finish}};
    write_file(journal_path(folder), json::serialize(object) + "\n", secret);
}

void remove_journal(const std::filesystem::path& folder) { remove_file(journal_path(folder)); }

}  // namespace state
