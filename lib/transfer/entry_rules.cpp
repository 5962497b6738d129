// Entries of an archive that import changes or leaves out, because stock tools fail or ignore an
// error there.
#include "transfer/entry_rules.h"

#include <algorithm>
#include <array>
#include <string_view>

namespace transfer {

namespace {

// The kinds of entries (pg_dump's names) that have rules.
constexpr std::array<std::string_view, 12> judged = {"ACL",
                                                     "COMMENT",
                                                     "DEFAULT ACL",
                                                     "EVENT TRIGGER",
                                                     "EXTENSION",
                                                     "FUNCTION",
                                                     "POLICY",
                                                     "PROCEDURAL LANGUAGE",
                                                     "PUBLICATION",
                                                     "PUBLICATION TABLE",
                                                     "PUBLICATION TABLES IN SCHEMA",
                                                     "SCHEMA"};

bool is_judged(const dump::Entry& entry) {
    const std::string kind = entry.kind.value_or("");
    // Most of many tables of contents are bodies of functions, but only two functions have a rule.
    if (kind == "FUNCTION" && !entry.tag.value_or("").starts_with("plpgsql_")) return false;
    return std::find(judged.begin(), judged.end(), kind) != judged.end();
}

}  // namespace

bool EntryRules::operator()(dump::Entry& entry) {
    const std::string kind = entry.kind.value_or("");
    const Relation relation{entry.schema.value_or(""), entry.tag.value_or("")};
    if (kind == "TABLE") rules_.add_table(relation);
    // f(integer)
    if (kind == "FUNCTION" || kind == "PROCEDURE")
        rules_.add_function({relation.schema, relation.name.substr(0, relation.name.find('('))});
    if (kind == "TABLE DATA") {
        if (rules_.is_left_out(relation)) {
            rules_.note_left_out_rows(relation);
            return false;
        }
        rules_.add_filled(relation);
    }
    if (!entry.tablespace.value_or("").empty()) {
        entry.tablespace = "";
        rules_.note_tablespace();
    }
    return !is_judged(entry) || change(entry);
}

// Changes the statements of an entry. Grants have several.
bool EntryRules::change(dump::Entry& entry) {
    const std::string definition = entry.definition.value_or("");
    const auto statements = dump::statements_of(definition);
    if (statements.empty()) return true;
    std::string put;
    for (const std::string_view statement : statements) {
        const auto changed = rules_.change(statement);
        put += changed.value_or(std::string{statement});
        if (changed && !changed->empty()) put += '\n';
    }
    put += rules_.rest();
    if (dump::tokens_of(put, 1).empty()) return false;
    entry.definition = put + (put.ends_with('\n') ? "" : "\n");
    return true;
}

}  // namespace transfer
