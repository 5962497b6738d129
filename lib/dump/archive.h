// Archives of pg_dump: the head and the table of contents, read and written entry by entry.
#pragma once

#include <cstddef>
#include <cstdint>
#include <functional>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace dump {

/// Gives up to `size` next bytes of an archive; 0 at its end.
using Bytes = std::function<std::size_t(char* into, std::size_t size)>;

/// What every archive of pg_dump begins with.
inline constexpr std::string_view archive_magic = "PGDMP";

/// What the files of an archive are.
enum class Layout : unsigned char {
    custom = 1,
    tar = 3,  // a folder's as well
};

/// What stands before the table of contents.
struct ArchiveHead {
    int version = 0;  // 1.16 is 16
    int revision = 0;
    std::size_t number_size = 4;
    std::size_t offset_size = 8;
    Layout layout = Layout::custom;
    int compression = 0;  // from 1.15 on a method, a level before
    std::vector<int> created = {};
    std::optional<std::string> database = {};  // the name it was dumped from
    std::optional<std::string> server = {};    // `17.6`
    std::optional<std::string> tool = {};      // `17.6 (Debian ..)`: pg_dump's own version
};

/// How what is in an archive was packed, from 1.15 on; before, it is the level of gzip.
enum class Compression : unsigned char { none, gzip, lz4, zstd };
/// The packing of an archive's data; throws Error for one that nobody knows.
Compression compression_of(const ArchiveHead& head);

/// When an entry is restored; what has none goes with what stands before it.
enum class Section : int { none = 1, before_data, data, after_data };

/// Where an entry's data stand in a custom archive.
struct Place {
    enum class Known : unsigned char { no = 1, yes = 2, no_data = 3 };
    Known known = Known::no_data;
    std::uint64_t offset = 0;
};

/// One entry of a table of contents; a text that is not there differs from an empty one.
struct Entry {
    using Text = std::optional<std::string>;
    int id = 0;
    bool has_data = false;
    Text catalog = {};  // the oid of its catalogue, in digits
    Text oid = {};
    Text tag = {};
    Text kind = {};  // `TABLE DATA`, `EXTENSION`
    Section section = Section::none;
    Text definition = {};
    Text removal = {};
    Text copy = {};
    Text schema = {};
    Text tablespace = {};
    Text access_method = {};  // from 1.14 on
    int relation_kind = 0;    // from 1.16 on
    Text owner = {};
    Text with_oids = {};
    std::vector<std::string> dependencies = {};
    Place place = {};  // in custom archives
    Text file = {};    // in the others: the name of the file that holds its data
};

/// Reads an archive up to the end of its table of contents, one entry in memory at a time. Takes no
/// byte behind it. Throws Error for what is no archive of version 1.10 to 1.16 (of pg_dump 8.0 to
/// 18), or is cut off.
class ArchiveReader {
public:
    /// Whether it reads archives of that version (1.16 is 16).
    static bool reads(int version);

    explicit ArchiveReader(Bytes bytes);

    /// The head alone, of every version from 1.10 on.
    static ArchiveHead head_of(Bytes bytes);

    const ArchiveHead& head() const { return head_; }
    /// How many entries there are.
    std::size_t size() const { return size_; }
    /// The next entry, nothing after the last.
    std::optional<Entry> next();

private:
    ArchiveReader() = default;
    void read_head();
    void read_place(Entry& entry);
    void take(char* into, std::size_t size);
    unsigned char byte();
    long number();
    int integer();
    Section section(const Entry& entry);
    std::optional<std::string> text();

    Bytes bytes_;
    ArchiveHead head_;
    std::size_t size_ = 0;
    std::size_t read_ = 0;
    std::size_t room_ = 0;  // bytes that the texts of what is being read may still take
};

/// What stands before the entries of an archive that has so many.
std::string archive_head(const ArchiveHead& head, std::size_t entries);
/// An entry as it stands in the table of contents.
std::string archive_entry(const ArchiveHead& head, const Entry& entry);
/// A number as it stands anywhere in an archive.
std::string archive_number(const ArchiveHead& head, long value);

/// The blocks of data in a custom archive.
enum class Block : unsigned char { data = 1, large_objects = 3 };
/// What stands before the data of an entry.
std::string block_head(const ArchiveHead& head, Block block, int id);

}  // namespace dump
