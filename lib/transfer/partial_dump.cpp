// Tables with rows that an import would delete, because the dump does not have them.
#include "transfer/partial_dump.h"

#include <algorithm>
#include <map>

#include "error/error.h"
#include "host/log.h"

namespace transfer {

namespace {

bool names(const std::set<Relation>& relations, const std::string& schema,
           const std::string& name) {
    return relations.contains({schema, name}) || relations.contains({"", name});
}

// Whether a table or one of its partitions is among these.
bool has_rows_for(const std::set<Relation>& relations, const pg::Table& table) {
    return names(relations, table.schema, table.name) ||
           std::any_of(table.parts.begin(), table.parts.end(),
                       [&](const auto& part) { return names(relations, part.first, part.second); });
}

std::string rows_of(const pg::Count& count) {
    const std::string number = std::to_string(count.rows) + (count.rows == 1 ? " row" : " rows");
    return count.exact ? number : "about " + number;
}

}  // namespace

PartialDumpCheck::PartialDumpCheck(const Session& session) : session_(session) {
    auto inside = session.own();
    filled_ = pg::tables_of(inside);
    std::erase_if(filled_, [](const pg::Table& table) { return !table.filled; });
    large_objects_ = pg::large_objects(inside) > 0;
}

void PartialDumpCheck::check_list(const StatementRules& rules) const {
    std::vector<const pg::Table*> missing;
    for (const pg::Table& table : filled_) {
        const bool held =
            names(rules.tables(), table.schema, table.name) && has_rows_for(rules.filled(), table);
        if (!held) missing.push_back(&table);
    }
    if (!missing.empty()) refuse(missing, false);
}

void PartialDumpCheck::check_database(const std::string& database,
                                      const StatementRules& rules) const {
    if (filled_.empty() && !large_objects_) return;
    auto inside = session_.to(database);
    const auto tables = pg::tables_of(inside);
    std::map<Relation, const pg::Table*> there;
    for (const pg::Table& table : tables) there.emplace(Relation{table.schema, table.name}, &table);
    std::vector<const pg::Table*> missing;
    for (const pg::Table& table : filled_) {
        const auto found = there.find({table.schema, table.name});
        const bool held =
            found != there.end() && (found->second->filled || has_rows_for(rules.filled(), table));
        if (!held) missing.push_back(&table);
    }
    const bool no_large_objects = large_objects_ && pg::large_objects(inside) == 0;
    if (!missing.empty() || no_large_objects) refuse(missing, no_large_objects);
}

void PartialDumpCheck::refuse(const std::vector<const pg::Table*>& missing,
                              bool large_objects) const {
    constexpr std::size_t most = 10;
    auto inside = session_.own();
    std::string list;
    for (std::size_t i = 0; i < std::min(most, missing.size()); ++i) {
        list += "  " + host::printable(missing[i]->schema + "." + missing[i]->name) + ": " +
                rows_of(pg::count_rows(inside, *missing[i])) + "\n";
    }
    if (missing.size() > most)
        list += "  and " + std::to_string(missing.size() - most) + " more tables\n";
    if (large_objects) {
        list += "  large objects: " + std::to_string(pg::large_objects(inside)) + "\n";
    }
    throw Error{
        "the database has data that the dump does not have, and an import would delete them",
        list +
            "Choose one:\n"
            "  --replace: the database becomes exactly what the dump has\n"
            "  --merge: the dump is added, and the rest stays\n"
            "  dokku postgres:connect " +
            session_.service().name + " < FILE.sql: a script runs in the database as it is",
        Exit::refused};
}

}  // namespace transfer
