// The table of contents of an archive, in three parts: what is created before the rows, the entries
// with data, what is created afterwards.
#pragma once

#include <cstddef>
#include <functional>
#include <map>
#include <string>
#include <vector>

#include "dump/archive.h"

namespace dump {

/// Sees every entry first and may change it. False leaves the entry out, with its data.
using EntryFilter = std::function<bool(Entry&)>;

/// How the data of an entry are loaded.
enum class LoadMethod : unsigned char {
    copy,           // rows, by the entry's COPY statement
    large_objects,  // created before the data, filled by lo_put
    tool,           // anything else, such as INSERT: pg_restore gets the block
    nowhere,        // not loaded: the entry is left out
};

/// An entry that has data.
struct Data {
    Entry entry;
    LoadMethod method = LoadMethod::nowhere;
};

/// A complete table of contents.
class TableOfContents {
public:
    /// Reads to the end of the table of contents and no byte beyond. Throws Error, as ArchiveReader
    /// does.
    TableOfContents(const Bytes& bytes, const EntryFilter& keep);

    /// The header of the input.
    const ArchiveHeader& head() const { return head_; }
    /// The entries that have data, in their order.
    const std::vector<Data>& data() const { return data_; }
    /// The entry with data of this id, nullptr if there is none.
    const Data* find(int id) const;
    /// Lets pg_restore load all data.
    void leave_to_tool();
    /// Whether any data are loaded by this method.
    bool has(LoadMethod method) const;

    /// An archive of the settings alone, which the other archives here have too.
    std::string settings() const;
    /// An archive without data of the entries that are created before the rows; empty if there are
    /// none.
    std::string before() const { return archive_of(before_); }
    /// The same of the entries that are created afterwards.
    std::string after() const { return archive_of(after_); }
    /// The beginning of an uncompressed archive of the data that pg_restore loads; their blocks
    /// must follow in this order.
    std::string for_tool() const;

    /// The encoding of the texts, empty if the archive does not name it.
    const std::string& encoding() const { return encoding_; }
    /// Whether all statements have qualified names; otherwise each needs the schema of its entry in
    /// the search path.
    bool is_qualified() const { return is_qualified_; }

private:
    // Entries as bytes of an archive.
    struct Part {
        std::string entries = {};
        std::size_t count = 0;
    };

    void take(Entry&& entry, bool kept);
    void take_setting(const Entry& entry);
    void add(Part& part, const Entry& entry) const;
    std::string archive_of(const Part& part) const;

    ArchiveHeader head_;
    ArchiveHeader written_;  // the header for pg_restore: custom, uncompressed
    Section section_ = Section::before_data;
    Part settings_;
    Part before_;
    Part after_;
    std::vector<Data> data_;
    std::map<int, std::size_t> places_;  // in data_, by id
    std::string encoding_;
    bool is_qualified_ = false;
};

}  // namespace dump
