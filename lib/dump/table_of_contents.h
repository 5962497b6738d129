// The table of contents of an archive, taken apart: what is made before the rows, which entries
// have data, what is made afterwards.
#pragma once

#include <cstddef>
#include <functional>
#include <map>
#include <string>
#include <vector>

#include "dump/archive.h"

namespace dump {

/// Is given every entry before anybody else and may change any of it; false leaves it out, and its
/// data with it.
using Keep = std::function<bool(Entry&)>;

/// How the data of an entry get into the database.
enum class LoadMethod : unsigned char {
    copy,           // rows, by the entry's COPY statement
    large_objects,  // made before, written by calls
    tool,           // whatever else it is, INSERT say: pg_restore is given the block
    nowhere,        // it was left out
};

/// An entry that has data.
struct Data {
    Entry entry;
    LoadMethod road = LoadMethod::nowhere;
};

/// A table of contents that was read to its end.
class TableOfContents {
public:
    /// Takes no byte behind it; throws Error as ArchiveReader does.
    TableOfContents(const Bytes& bytes, const Keep& keep);

    /// Of the archive as it came.
    const ArchiveHead& head() const { return head_; }
    /// The entries that have data, in their order.
    const std::vector<Data>& data() const { return data_; }
    /// The one with that id, nullptr when there is none.
    const Data* find(int id) const;
    /// Leaves all data to pg_restore.
    void leave_to_tool();
    /// Whether data go that way.
    bool has(LoadMethod road) const;

    /// An archive of the settings alone, which every other one here has too.
    std::string settings() const;
    /// An archive without data of what is made before the rows; empty when nothing is.
    std::string before() const { return archive_of(before_); }
    /// The same of what is made afterwards.
    std::string after() const { return archive_of(after_); }
    /// The beginning of an archive of the data on Road::tool, not packed; their blocks have to
    /// follow in this order.
    std::string for_tool() const;

    /// What the texts in it are encoded in, empty when it does not say.
    const std::string& encoding() const { return encoding_; }
    /// Whether every statement names its schemas; otherwise each expects that of its entry in the
    /// search path.
    bool is_qualified() const { return is_qualified_; }

private:
    // Entries as they are written.
    struct Part {
        std::string entries = {};
        std::size_t count = 0;
    };

    void take(Entry&& entry, bool kept);
    void take_setting(const Entry& entry);
    void add(Part& part, const Entry& entry) const;
    std::string archive_of(const Part& part) const;

    ArchiveHead head_;
    ArchiveHead written_;  // a custom archive, not packed
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
