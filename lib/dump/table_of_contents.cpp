// The table of contents of an archive, in three parts: what is created before the rows, the entries
// with data, what is created afterwards.
#include "dump/table_of_contents.h"

#include <algorithm>
#include <string_view>
#include <utility>

#include "error/error.h"

namespace dump {

namespace {

constexpr int with_made_objects = 12;  // each large object has an entry of its own
// The memory limit; a hundred thousand tables need less.
constexpr std::size_t largest_table = 256UL * 1024 * 1024;

// `SET client_encoding = 'UTF8';`
std::string first_literal(std::string_view statement) {
    const auto begin = std::min(statement.find('\''), statement.size());
    statement.remove_prefix(std::min(begin + 1, statement.size()));
    return std::string(statement.substr(0, statement.find('\'')));
}

bool is_setting(const Entry& entry) {
    return entry.kind == "ENCODING" || entry.kind == "STDSTRINGS" || entry.kind == "SEARCHPATH";
}

// pg_restore creates grants last, and after them refreshes materialized views, which may need the
// grants. It restores grants on large objects only if it creates the objects in the same run.
bool is_made_before(const Entry& entry, Section section) {
    const bool of_large_object = entry.tag.value_or("").starts_with("LARGE OBJECT");
    if (entry.kind == "ACL") return of_large_object;
    return section == Section::before_data || entry.kind == "BLOB METADATA";
}

LoadMethod load_method_of(const ArchiveHeader& head, const Entry& entry) {
    if (entry.kind == "BLOBS")
        return head.version >= with_made_objects ? LoadMethod::large_objects : LoadMethod::tool;
    return entry.copy.value_or("").empty() ? LoadMethod::tool : LoadMethod::copy;
}

}  // namespace

TableOfContents::TableOfContents(const Bytes& bytes, const EntryFilter& keep) {
    ArchiveReader reader{bytes};
    head_ = written_ = reader.head();
    written_.format = ArchiveFormat::custom;
    written_.compression = 0;
    std::size_t held = 0;
    while (auto entry = reader.next()) {
        const bool kept = keep(*entry);
        held += archive_entry(written_, *entry).size();
        if (held > largest_table) throw Error{"the archive's table of contents is too large"};
        take(std::move(*entry), kept);
    }
}

void TableOfContents::take(Entry&& entry, bool kept) {
    if (entry.section != Section::none) section_ = entry.section;
    if (entry.has_data) {
        if (!places_.emplace(entry.id, data_.size()).second)
            throw Error{"the archive's table of contents is not as pg_dump writes it"};
        const LoadMethod method = kept ? load_method_of(head_, entry) : LoadMethod::nowhere;
        data_.push_back({.entry = std::move(entry), .method = method});
        return;
    }
    if (!kept) return;
    entry.position = {};
    if (is_setting(entry)) return take_setting(entry);
    add(is_made_before(entry, section_) ? before_ : after_, entry);
}

void TableOfContents::take_setting(const Entry& entry) {
    if (entry.kind == "ENCODING") encoding_ = first_literal(entry.definition.value_or(""));
    if (entry.kind == "SEARCHPATH") is_qualified_ = true;
    add(settings_, entry);
}

void TableOfContents::add(Part& part, const Entry& entry) const {
    part.entries += archive_entry(written_, entry);
    ++part.count;
}

std::string TableOfContents::archive_of(const Part& part) const {
    if (part.count == 0) return {};
    return archive_header(written_, settings_.count + part.count) + settings_.entries +
           part.entries;
}

std::string TableOfContents::settings() const {
    return archive_header(written_, settings_.count) + settings_.entries;
}

const Data* TableOfContents::find(int id) const {
    const auto found = places_.find(id);
    return found == places_.end() ? nullptr : &data_[found->second];
}

bool TableOfContents::has(LoadMethod method) const {
    return std::any_of(data_.begin(), data_.end(),
                       [&](const Data& one) { return one.method == method; });
}

void TableOfContents::leave_to_tool() {
    for (auto& one : data_)
        if (one.method != LoadMethod::nowhere) one.method = LoadMethod::tool;
}

std::string TableOfContents::for_tool() const {
    Part part;
    for (const auto& one : data_) {
        if (one.method != LoadMethod::tool) continue;
        Entry entry = one.entry;
        entry.position = {.state = DataOffset::State::no};
        add(part, entry);
    }
    return archive_of(part);
}

}  // namespace dump
