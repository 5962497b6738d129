// Archives of pg_dump: reads and writes the header and the table of contents, entry by entry.
#pragma once

#include <cstddef>
#include <cstdint>
#include <functional>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace dump {

/// Reads up to `size` bytes of an archive; 0 at its end.
using Bytes = std::function<std::size_t(char* into, std::size_t size)>;

/// The first bytes of every archive of pg_dump.
inline constexpr std::string_view archive_magic = "PGDMP";

/// The format of an archive.
enum class ArchiveFormat : unsigned char {
    custom = 1,
    tar = 3,  // also in a directory archive
};

/// The header of an archive, before the table of contents.
struct ArchiveHeader {
    int version = 0;  // 1.16 is 16
    int revision = 0;
    std::size_t number_size = 4;
    std::size_t offset_size = 8;
    ArchiveFormat format = ArchiveFormat::custom;
    int compression = 0;  // from 1.15 on a method, before that a level
    std::vector<int> created = {};
    std::optional<std::string> database = {};  // the database that was dumped
    std::optional<std::string> server = {};    // `17.6`
    std::optional<std::string> tool = {};      // `17.6 (Debian ..)`: pg_dump's own version
};

/// The compression method of an archive from version 1.15 on; before that, the header has the level
/// of gzip.
enum class Compression : unsigned char { none, gzip, lz4, zstd };
/// The compression method of an archive's data; throws Error for an unknown one.
Compression compression_of(const ArchiveHeader& head);

/// When an entry is restored. `none`: together with the entry before it.
enum class Section : int { none = 1, before_data, data, after_data };

/// The position of an entry's data in a custom archive.
struct DataOffset {
    enum class State : unsigned char { no = 1, yes = 2, no_data = 3 };
    State state = State::no_data;
    std::uint64_t offset = 0;
};

/// One entry of a table of contents. A missing text differs from an empty one.
struct Entry {
    using Text = std::optional<std::string>;
    int id = 0;
    bool has_data = false;
    Text catalog = {};  // the oid of its catalog, as digits
    Text oid = {};
    Text tag = {};
    Text kind = {};  // `TABLE DATA`, `EXTENSION`
    Section section = Section::none;
    Text definition = {};
    Text drop_statement = {};
    Text copy = {};
    Text schema = {};
    Text tablespace = {};
    Text access_method = {};  // from 1.14 on
    int relation_kind = 0;    // from 1.16 on
    Text owner = {};
    Text with_oids = {};
    std::vector<std::string> dependencies = {};
    DataOffset position = {};  // in custom archives
    Text file = {};            // in tar and directory archives: the name of the file with its data
};

/// Reads an archive to the end of its table of contents, with one entry in memory at a time, and no
/// byte beyond. Throws Error if it is cut off, or is not an archive of version 1.10 to 1.16
/// (pg_dump 8.0 to 18).
class ArchiveReader {
public:
    /// Whether archives of a version can be read (1.16 is 16).
    static bool reads(int version);

    explicit ArchiveReader(Bytes bytes);

    /// Reads only the header, of every version from 1.10 on. Throws Error.
    static ArchiveHeader header_of(Bytes bytes);

    /// The header of the archive.
    const ArchiveHeader& head() const { return head_; }
    /// The number of entries.
    std::size_t size() const { return size_; }
    /// The next entry, nothing after the last.
    std::optional<Entry> next();

private:
    ArchiveReader() = default;
    void read_header();
    void read_position(Entry& entry);
    void take(char* into, std::size_t size);
    unsigned char byte();
    long number();
    int integer();
    Section section(const Entry& entry);
    std::optional<std::string> text();

    Bytes bytes_;
    ArchiveHeader head_;
    std::size_t size_ = 0;
    std::size_t read_ = 0;
    std::size_t room_ = 0;  // how many bytes the texts of the current entry may still have
};

/// The header of an archive with this number of entries, as bytes.
std::string archive_header(const ArchiveHeader& head, std::size_t entries);
/// An entry of the table of contents, as bytes.
std::string archive_entry(const ArchiveHeader& head, const Entry& entry);
/// A number in an archive, as bytes.
std::string archive_number(const ArchiveHeader& head, long value);

/// The kinds of data blocks in a custom archive.
enum class Block : unsigned char { data = 1, large_objects = 3 };
/// The header of a data block, as bytes.
std::string block_header(const ArchiveHeader& head, Block block, int id);

}  // namespace dump
