// The table of contents of real archives: `tests/dump/archives` holds those of one small database
// by pg_dump of 15, 17 and 18, the custom ones whole, of the tar ones the toc.dat (whole ones: see
// conversion_test.cpp).
#include "dump/archive.h"

#include <algorithm>

#include "dump/archives.h"
#include "dump/bytes.h"
#include "error/error.h"
#include "fakes/catch.h"

namespace {

// One of the fixtures, being read.
struct Opened {
    std::string name;
    std::string bytes = archives::fixture(name);
    std::size_t taken = 0;
    dump::ArchiveReader reader{bytes::from(bytes, taken)};
};

std::vector<dump::Entry> entries_of(dump::ArchiveReader& reader) {
    std::vector<dump::Entry> entries;
    for (auto entry = reader.next(); entry; entry = reader.next())
        entries.push_back(std::move(*entry));
    return entries;
}

void read_all(const std::string& bytes) {
    std::size_t taken = 0;
    dump::ArchiveReader reader{bytes::from(bytes, taken)};
    entries_of(reader);
}

const dump::Entry* find(const std::vector<dump::Entry>& entries, const std::string& kind,
                        const std::string& tag) {
    const auto found = std::find_if(entries.begin(), entries.end(), [&](const auto& entry) {
        return entry.kind == kind && entry.tag == tag;
    });
    return found == entries.end() ? nullptr : &*found;
}

}  // namespace

TEST_CASE("an archive's table of contents tells what is in it", "[archive]") {
    Opened opened{GENERATE("15.dump", "17.dump", "18.dump", "15.toc", "17.toc", "18.toc")};
    auto& [name, bytes, taken, reader] = opened;
    CAPTURE(name);
    const bool is_custom = name.ends_with(".dump");
    const bool is_old = name.starts_with("15");
    CHECK(reader.head().version == (is_old ? 14 : 16));
    CHECK((reader.head().format == dump::ArchiveFormat::custom) == is_custom);
    CHECK(reader.head().database == "tiny");
    CHECK(reader.head().server.value_or("").starts_with(name.substr(0, 2) + "."));
    const auto entries = entries_of(reader);
    CHECK(entries.size() == reader.size());
    CHECK_FALSE(reader.next());

    REQUIRE(find(entries, "EXTENSION", "pgcrypto") != nullptr);
    REQUIRE(find(entries, "SCHEMA", "s") != nullptr);
    const auto* const view = find(entries, "VIEW", "v");
    REQUIRE(view != nullptr);
    CHECK(view->schema == "s");
    CHECK(view->definition.value_or("").find("CREATE VIEW s.v") != std::string::npos);
    CHECK_FALSE(view->has_data);
    const auto* const table = find(entries, "TABLE", "t");
    REQUIRE(table != nullptr);
    CHECK(table->access_method == "heap");
    CHECK(table->relation_kind == (is_old ? 0 : 'r'));
    CHECK(std::find(view->dependencies.begin(), view->dependencies.end(),
                    std::to_string(table->id)) != view->dependencies.end());
    const auto* const rows = find(entries, "TABLE DATA", "t");
    REQUIRE(rows != nullptr);
    CHECK(rows->has_data);
    CHECK(rows->copy == "COPY public.t (i) FROM stdin;\n");
    if (is_custom) {
        CHECK(rows->position.state == dump::DataOffset::State::no);  // it was made in a stream
        CHECK(taken < bytes.size());
        CHECK(bytes[taken] == '\1');  // the first block of data
    } else {
        CHECK(rows->file == std::to_string(rows->id) + ".dat");
        CHECK(taken == bytes.size());
    }
}

TEST_CASE("an archive's table of contents is written as it was read", "[archive]") {
    Opened opened{GENERATE("15.dump", "17.dump", "18.dump", "15.toc", "17.toc", "18.toc")};
    auto& [name, bytes, taken, reader] = opened;
    CAPTURE(name);
    std::string again = dump::archive_header(reader.head(), reader.size());
    for (auto entry = reader.next(); entry; entry = reader.next())
        again += dump::archive_entry(reader.head(), *entry);
    CHECK(again == bytes.substr(0, taken));
}

TEST_CASE("an archive of pg_dump before 8.4 does not say when an entry is restored", "[archive]") {
    const dump::ArchiveHeader head{.version = 10, .created = std::vector<int>(7, 0)};
    std::string bytes = dump::archive_header(head, 4);
    for (const std::string kind : {"TABLE", "TABLE DATA", "FK CONSTRAINT", "ACL"})
        bytes += dump::archive_entry(head, {.id = 1, .kind = kind});
    std::size_t taken = 0;
    dump::ArchiveReader reader{bytes::from(bytes, taken)};
    std::vector<dump::Section> sections;
    for (const auto& entry : entries_of(reader)) sections.push_back(entry.section);
    using dump::Section;
    CHECK(sections ==
          std::vector{Section::before_data, Section::data, Section::after_data, Section::none});
    CHECK(taken == bytes.size());
}

TEST_CASE("an archive that is cut off in its table of contents is none", "[archive]") {
    const std::string bytes = archives::fixture("17.toc");
    CHECK_NOTHROW(read_all(bytes));
    for (std::size_t size = 0; size < bytes.size(); ++size) {
        CAPTURE(size);
        CHECK_THROWS_AS(read_all(bytes.substr(0, size)), Error);
    }
}

TEST_CASE("what is no archive of ours to read is refused", "[archive]") {
    CHECK_THROWS_AS(read_all("select 1;"), Error);
    CHECK_THROWS_AS(read_all(bytes::archive(9, "7.4", "7.4") + bytes::number(0)), Error);
    CHECK_THROWS_AS(read_all(bytes::archive(17, "19", "19") + bytes::number(0)), Error);
    CHECK_THROWS_AS(read_all(bytes::archive(16, "17", "17") + bytes::number(-1)), Error);
    std::string wide = archives::fixture("17.toc");
    wide[8] = '\x20';  // the size of a number
    CHECK_THROWS_AS(read_all(wide), Error);
}

TEST_CASE("a number without end costs no memory", "[archive]") {
    std::string head = "PGDMP";
    head += std::string("\1\20\0\4\10\1\3", 7);
    for (int i = 0; i < 7; ++i) head += bytes::number(0);
    CHECK_THROWS_AS(read_all(head + bytes::number(0x7fffffff) + "few"), Error);
}

TEST_CASE("numbers, blocks and places are written as pg_dump writes them", "[archive]") {
    dump::ArchiveHeader head{.version = 16};
    CHECK(dump::archive_number(head, 513) == std::string("\0\1\2\0\0", 5));
    CHECK(dump::archive_number(head, -1) == std::string("\1\1\0\0\0", 5));
    CHECK(dump::block_header(head, dump::Block::data, 7) == std::string("\1\0\7\0\0\0", 6));
    CHECK(dump::block_header(head, dump::Block::large_objects, 7) ==
          std::string("\3\0\7\0\0\0", 6));
    const dump::Entry entry{
        .id = 1, .position = {.state = dump::DataOffset::State::yes, .offset = 0x010203}};
    CHECK(dump::archive_entry(head, entry).ends_with(std::string("\2\3\2\1\0\0\0\0\0", 9)));
}

TEST_CASE("an entry that has no end takes no memory without end", "[archive]") {
    constexpr std::size_t filling = 200;  // behind the head
    constexpr std::size_t all = 32UL * 1024 * 1024;
    std::string begin = bytes::archive(16, "17.6", "17.6");
    begin.resize(begin.size() - filling);
    begin += bytes::number(1) + bytes::number(1);  // one entry, its id; then empty texts
    std::size_t taken = 0;
    dump::ArchiveReader reader{[&](char* into, std::size_t size) {
        const auto count = std::min(size, all - taken);
        for (std::size_t i = 0; i < count; ++i, ++taken)
            into[i] = taken < begin.size() ? begin[taken] : '\0';
        return count;
    }};
    CHECK_THROWS_AS(reader.next(), Error);
    CHECK(taken < all / 2);
}
