// Which tables of a database have rows, and how many.
#include "pg/rows.h"

#include <algorithm>
#include <map>

namespace pg {

namespace {

// Tables with their partitions, without temporary ones and those of extensions. Only a table with a
// page can have rows.
constexpr const char* all_tables = R"sql(
select r.oid, rn.nspname, r.relname, n.nspname, c.relname, pg_relation_size(c.oid) > 0
from pg_class c
join pg_namespace n on n.oid = c.relnamespace
join pg_class r on r.oid = case when c.relispartition then pg_partition_root(c.oid) else c.oid end
join pg_namespace rn on rn.oid = r.relnamespace
where c.relkind in ('r', 'p') and c.relpersistence <> 't'
    and n.nspname !~ '^pg_' and n.nspname not in ('information_schema', 'dokku_postgres_import')
    and not exists (
        select from pg_depend d
        where d.classid = 'pg_class'::regclass and d.objid = r.oid and d.deptype = 'e')
order by rn.nspname::text collate "C", r.relname::text collate "C", c.relname::text collate "C")sql";

std::string qualified(Connection& inside, const Table& table) {
    return inside.identifier(table.schema) + "." + inside.identifier(table.name);
}

// One statement for many tables, but not so many that it needs all locks of the server.
void look_for_rows(Connection& inside, const std::vector<Table*>& tables) {
    constexpr std::size_t at_once = 50;
    for (std::size_t begin = 0; begin < tables.size(); begin += at_once) {
        const std::size_t end = std::min(begin + at_once, tables.size());
        std::string sql = "select ";
        for (std::size_t i = begin; i < end; ++i) {
            sql += (i == begin ? "exists(select from " : ", exists(select from ") +
                   qualified(inside, *tables[i]) + ")";
        }
        const auto rows = inside.query(sql);
        for (std::size_t i = begin; i < end; ++i) tables[i]->filled = rows[0][i - begin] == "t";
    }
}

}  // namespace

std::vector<Table> tables_of(Connection& inside) {
    std::vector<Table> tables;
    std::map<std::string, std::size_t> at;
    std::vector<std::size_t> with_pages;
    for (const auto& row : inside.query(all_tables)) {
        const auto [known, is_new] = at.emplace(row[0].value_or(""), tables.size());
        if (is_new) tables.push_back({.schema = row[1].value_or(""), .name = row[2].value_or("")});
        tables[known->second].parts.emplace_back(row[3].value_or(""), row[4].value_or(""));
        if (row[5] == "t") with_pages.push_back(known->second);
    }
    std::sort(with_pages.begin(), with_pages.end());
    with_pages.erase(std::unique(with_pages.begin(), with_pages.end()), with_pages.end());
    std::vector<Table*> to_look_at;
    to_look_at.reserve(with_pages.size());
    for (const std::size_t index : with_pages) to_look_at.push_back(&tables[index]);
    look_for_rows(inside, to_look_at);
    return tables;
}

Count count_rows(Connection& inside, const Table& table) {
    constexpr std::int64_t small = 64L * 1024 * 1024;
    const std::string name = inside.literal(qualified(inside, table)) + "::regclass";
    const auto found = inside.query(
        "select sum(pg_relation_size(relid)), sum(case when reltuples >= 0 and relpages"
        " > 0 then pg_relation_size(relid) / 8192.0 * reltuples / relpages end)::bigint"
        " from (select relid from pg_partition_tree(" +
        name + ") union select " + name +
        ") t join pg_class c on c.oid = relid where relkind = 'r'");
    if (whole_number(found[0][0]) > small && found[0][1]) return {whole_number(found[0][1]), false};
    const auto counted = inside.query("select count(*) from " + qualified(inside, table));
    return {whole_number(counted[0][0])};
}

std::int64_t large_objects(Connection& inside) {
    return whole_number(inside.query("select count(*) from pg_largeobject_metadata")[0][0]);
}

}  // namespace pg
