// What a dump says about extensions, put so that a role without rights may say it.
#include "backup/extension.h"

#include <algorithm>
#include <initializer_list>

#include "backup/characters.h"
#include "pg/import_role.h"
#include "pg/names.h"

namespace backup {

namespace {

char small(char c) { return c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c; }

// The words and names of one statement, one after the other.
class Words {
public:
    explicit Words(std::string_view statement) : left_(statement) {}

    /// Takes these words, in either case, or nothing.
    bool take(std::initializer_list<std::string_view> words) {
        const std::string_view before = left_;
        const bool all = std::all_of(words.begin(), words.end(),
                                     [&](std::string_view wanted) { return word() == wanted; });
        if (!all) left_ = before;
        return all;
    }

    /// A name as the server would read it; nothing for one that a literal could not hold as it is.
    std::optional<std::string> name() {
        skip_space();
        std::string name = left_.starts_with('"') ? pg::take_quoted(left_).value_or("") : word();
        if (name.empty() || name.find_first_of("'\\") != std::string::npos) return {};
        return name;
    }

    bool ends() {
        skip_space();
        if (!left_.starts_with(';')) return false;
        left_.remove_prefix(1);
        skip_space();
        return left_.empty();
    }

private:
    void skip_space() {
        while (!left_.empty() && is_space(left_.front())) left_.remove_prefix(1);
    }

    std::string word() {
        skip_space();
        std::string word;
        while (!left_.empty() &&
               (word.empty() ? is_letter(left_.front()) : is_word(left_.front()))) {
            word += small(left_.front());
            left_.remove_prefix(1);
        }
        return word;
    }

    std::string_view left_;
};

}  // namespace

std::optional<std::string> extension_call(std::string_view statement) {
    Words words{statement};
    if (!words.take({"create", "extension"})) return {};
    words.take({"if", "not", "exists"});
    const auto name = words.name();
    if (!name || !words.take({"with", "schema"})) return {};
    const auto schema = words.name();
    if (!schema || !words.ends()) return {};
    return std::string{"SELECT "} + pg::extend_function + "('" + *name + "','" + *schema + "');";
}

bool is_extension_comment(std::string_view statement) {
    return Words{statement}.take({"comment", "on", "extension"});
}

}  // namespace backup
