// Archives of pg_dump: reads and writes the header and the table of contents, entry by entry.
#include "dump/archive.h"

#include <algorithm>
#include <array>
#include <limits>
#include <string_view>
#include <utility>

#include "error/error.h"

namespace dump {

namespace {

constexpr int oldest = 10;
constexpr int newest = 16;
constexpr int with_sections = 11;
constexpr int with_access_methods = 14;
constexpr int with_methods = 15;  // one byte for the compression method
constexpr int with_relation_kinds = 16;
constexpr int parts_of_time = 7;
// A limit far above the size of any header or entry.
constexpr std::size_t largest = 64UL * 1024 * 1024;

Error no_archive() { return Error{"the input is not an archive of pg_dump"}; }

using Text = std::optional<std::string>;

void put_number(std::string& to, const ArchiveHeader& head, long value) {
    to += static_cast<char>(value < 0 ? 1 : 0);
    auto rest = static_cast<unsigned long>(value < 0 ? -value : value);
    for (std::size_t i = 0; i < head.number_size; ++i, rest >>= 8)
        to += static_cast<char>(rest & 0xff);
}

void put_text(std::string& to, const ArchiveHeader& head, const Text& text) {
    put_number(to, head, text ? static_cast<long>(text->size()) : -1);
    if (text) to += *text;
}

void put_position(std::string& to, const ArchiveHeader& head, const DataOffset& position) {
    to += static_cast<char>(position.state);
    auto rest = position.offset;
    for (std::size_t i = 0; i < head.offset_size; ++i, rest >>= 8)
        to += static_cast<char>(rest & 0xff);
}

// The section of an entry of pg_dump before 8.4, which does not store it; as in pg_restore (ReadToc
// in pg_backup_archiver.c).
Section old_section(std::string_view kind) {
    constexpr std::array<std::string_view, 3> none = {"COMMENT", "ACL", "ACL LANGUAGE"};
    constexpr std::array<std::string_view, 3> data = {"TABLE DATA", "BLOBS", "BLOB COMMENTS"};
    constexpr std::array<std::string_view, 6> after = {
        "CONSTRAINT", "CHECK CONSTRAINT", "FK CONSTRAINT", "INDEX", "RULE", "TRIGGER"};
    const auto is_among = [&](const auto& kinds) {
        return std::find(kinds.begin(), kinds.end(), kind) != kinds.end();
    };
    if (is_among(none)) return Section::none;
    if (is_among(data)) return Section::data;
    return is_among(after) ? Section::after_data : Section::before_data;
}

}  // namespace

Compression compression_of(const ArchiveHeader& head) {
    if (head.version < with_methods)
        return head.compression == 0 ? Compression::none : Compression::gzip;
    if (head.compression < 0 || head.compression > static_cast<int>(Compression::zstd))
        throw Error{"the archive has an unknown compression method"};
    return static_cast<Compression>(head.compression);
}

bool ArchiveReader::reads(int version) { return version >= oldest && version <= newest; }

ArchiveReader::ArchiveReader(Bytes bytes) : bytes_(std::move(bytes)) {
    read_header();
    if (!reads(head_.version) ||
        (head_.format != ArchiveFormat::custom && head_.format != ArchiveFormat::tar))
        throw no_archive();
    const int entries = integer();
    if (entries < 0) throw no_archive();
    size_ = static_cast<std::size_t>(entries);
}

ArchiveHeader ArchiveReader::header_of(Bytes bytes) {
    ArchiveReader reader;
    reader.bytes_ = std::move(bytes);
    reader.read_header();
    return reader.head_;
}

void ArchiveReader::take(char* into, std::size_t size) {
    while (size > 0) {
        const auto count = bytes_(into, size);
        if (count == 0) throw Error{"the archive is cut off in its table of contents"};
        into += count;
        size -= count;
    }
}

unsigned char ArchiveReader::byte() {
    char value = 0;
    take(&value, 1);
    return static_cast<unsigned char>(value);
}

// A sign byte, then the bytes in little-endian order.
long ArchiveReader::number() {
    const bool negative = byte() != 0;
    unsigned long value = 0;
    for (std::size_t i = 0; i < head_.number_size; ++i) {
        const unsigned long part = byte();
        if (i < sizeof(int)) {
            value |= part << (8 * i);
        } else if (part != 0) {
            throw no_archive();
        }
    }
    return negative ? -static_cast<long>(value) : static_cast<long>(value);
}

int ArchiveReader::integer() {
    const long value = number();
    if (value < std::numeric_limits<int>::min() || value > std::numeric_limits<int>::max())
        throw no_archive();
    return static_cast<int>(value);
}

// In pieces, because the length cannot be trusted before the bytes are there.
Text ArchiveReader::text() {
    constexpr std::size_t piece = 65536;
    const int length = integer();
    if (length < 0) return {};
    const auto taken = static_cast<std::size_t>(length) + sizeof(std::string);
    if (taken > room_) throw no_archive();
    room_ -= taken;
    std::string value;
    for (auto left = static_cast<std::size_t>(length); left > 0;) {
        const std::size_t count = std::min(left, piece);
        const std::size_t begin = value.size();
        value.resize(begin + count);
        take(value.data() + begin, count);
        left -= count;
    }
    return value;
}

void ArchiveReader::read_header() {
    room_ = largest;
    std::string start(archive_magic.size(), '\0');
    take(start.data(), start.size());
    if (start != archive_magic) throw no_archive();
    const int first = byte();
    head_.version = byte();
    head_.revision = byte();
    if (first != 1 || head_.version < oldest) throw no_archive();
    head_.number_size = byte();
    head_.offset_size = byte();
    if (head_.number_size < 1 || head_.number_size > 16 || head_.offset_size < 1 ||
        head_.offset_size > 16)
        throw no_archive();
    head_.format = static_cast<ArchiveFormat>(byte());
    head_.compression = head_.version >= with_methods ? byte() : integer();
    for (int i = 0; i < parts_of_time; ++i) head_.created.push_back(integer());
    head_.database = text();
    head_.server = text();
    head_.tool = text();
}

Section ArchiveReader::section(const Entry& entry) {
    if (head_.version < with_sections) return old_section(entry.kind.value_or(""));
    const int section = integer();
    if (section < static_cast<int>(Section::none) ||
        section > static_cast<int>(Section::after_data))
        throw no_archive();
    return static_cast<Section>(section);
}

void ArchiveReader::read_position(Entry& entry) {
    if (head_.format != ArchiveFormat::custom) {
        entry.file = text();
        return;
    }
    entry.position.state = static_cast<DataOffset::State>(byte());
    if (entry.position.state < DataOffset::State::no ||
        entry.position.state > DataOffset::State::no_data)
        throw no_archive();
    for (std::size_t i = 0; i < head_.offset_size; ++i) {
        const std::uint64_t part = byte();
        if (i < sizeof part) entry.position.offset |= part << (8 * i);
    }
}

std::optional<Entry> ArchiveReader::next() {
    if (read_ == size_) return {};
    ++read_;
    room_ = largest;
    Entry entry;
    entry.id = integer();
    if (entry.id <= 0) throw no_archive();
    entry.has_data = integer() != 0;
    entry.catalog = text();
    entry.oid = text();
    entry.tag = text();
    entry.kind = text();
    entry.section = section(entry);
    entry.definition = text();
    entry.drop_statement = text();
    entry.copy = text();
    entry.schema = text();
    entry.tablespace = text();
    if (head_.version >= with_access_methods) entry.access_method = text();
    if (head_.version >= with_relation_kinds) entry.relation_kind = integer();
    entry.owner = text();
    entry.with_oids = text();
    for (auto one = text(); one; one = text()) entry.dependencies.push_back(std::move(*one));
    read_position(entry);
    return entry;
}

std::string archive_number(const ArchiveHeader& head, long value) {
    std::string to;
    put_number(to, head, value);
    return to;
}

std::string archive_header(const ArchiveHeader& head, std::size_t entries) {
    std::string to{archive_magic};
    to += static_cast<char>(1);
    to += static_cast<char>(head.version);
    to += static_cast<char>(head.revision);
    to += static_cast<char>(head.number_size);
    to += static_cast<char>(head.offset_size);
    to += static_cast<char>(head.format);
    if (head.version >= with_methods) {
        to += static_cast<char>(head.compression);
    } else {
        put_number(to, head, head.compression);
    }
    for (const int part : head.created) put_number(to, head, part);
    put_text(to, head, head.database);
    put_text(to, head, head.server);
    put_text(to, head, head.tool);
    put_number(to, head, static_cast<long>(entries));
    return to;
}

std::string archive_entry(const ArchiveHeader& head, const Entry& entry) {
    std::string to;
    put_number(to, head, entry.id);
    put_number(to, head, entry.has_data ? 1 : 0);
    for (const Text* one : {&entry.catalog, &entry.oid, &entry.tag, &entry.kind})
        put_text(to, head, *one);
    if (head.version >= with_sections) put_number(to, head, static_cast<int>(entry.section));
    for (const Text* one :
         {&entry.definition, &entry.drop_statement, &entry.copy, &entry.schema, &entry.tablespace})
        put_text(to, head, *one);
    if (head.version >= with_access_methods) put_text(to, head, entry.access_method);
    if (head.version >= with_relation_kinds) put_number(to, head, entry.relation_kind);
    put_text(to, head, entry.owner);
    put_text(to, head, entry.with_oids);
    for (const auto& one : entry.dependencies) put_text(to, head, one);
    put_text(to, head, {});
    if (head.format == ArchiveFormat::custom) {
        put_position(to, head, entry.position);
    } else {
        put_text(to, head, entry.file);
    }
    return to;
}

std::string block_header(const ArchiveHeader& head, Block block, int id) {
    std::string to(1, static_cast<char>(block));
    put_number(to, head, id);
    return to;
}

}  // namespace dump
