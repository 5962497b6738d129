// The tables of contents of real archives (see archive_test.cpp), put for a role without rights.
#include "dump/table_of_contents.h"

#include "transfer/entry_rules.h"

#include <algorithm>
#include <vector>

#include "dump/archives.h"
#include "dump/bytes.h"
#include "error/error.h"
#include "fakes/catch.h"

namespace {

// The statements of the entries of a kind.
std::string statements(const std::string& bytes, const std::string& kind) {
    std::size_t taken = 0;
    dump::ArchiveReader reader{bytes::from(bytes, taken)};
    std::string out;
    for (auto entry = reader.next(); entry; entry = reader.next())
        if (entry->kind == kind) out += entry->definition.value_or("");
    return out;
}

dump::TableOfContents contents_of(const std::string& bytes, const dump::EntryFilter& keep) {
    std::size_t taken = 0;
    return {bytes::from(bytes, taken), keep};
}
bool keep_all(dump::Entry&) { return true; }

// The kinds and tags of an archive's entries.
std::vector<std::string> listed(const std::string& bytes) {
    std::size_t taken = 0;
    dump::ArchiveReader reader{bytes::from(bytes, taken)};
    CHECK(reader.head().format == dump::ArchiveFormat::custom);
    CHECK(reader.head().compression == 0);
    std::vector<std::string> found;
    for (auto entry = reader.next(); entry; entry = reader.next())
        found.push_back(entry->kind.value_or("") + " " + entry->tag.value_or(""));
    CHECK(taken == bytes.size());
    return found;
}
bool lists(const std::string& bytes, const std::string& what) {
    const auto all = listed(bytes);
    return std::find(all.begin(), all.end(), what) != all.end();
}

// An archive of entries without and with data.
std::string made(std::vector<dump::Entry> entries, int version = 16) {
    const dump::ArchiveHeader head{.version = version, .created = std::vector<int>(7, 0)};
    std::string bytes = dump::archive_header(head, entries.size());
    int id = 0;
    for (auto& entry : entries) {
        entry.id = ++id;
        bytes += dump::archive_entry(head, entry);
    }
    return bytes;
}

}  // namespace

TEST_CASE("a table of contents tells what is made before the rows and what afterwards") {
    for (const std::string name : {"15.dump", "15.toc", "17.dump", "17.toc", "18.dump", "18.toc"}) {
        CAPTURE(name);
        const auto contents = contents_of(archives::fixture(name), keep_all);
        const bool is_old = name.starts_with("15");
        CHECK(contents.encoding() == "UTF8");
        CHECK(contents.is_qualified());
        CHECK(lists(contents.before(), "TABLE t"));
        CHECK(lists(contents.before(), is_old ? "BLOB 4242" : "BLOB METADATA 4242"));
        CHECK(listed(contents.before()).front() == "ENCODING ENCODING");
        CHECK_FALSE(lists(contents.before(), "TABLE DATA t"));
        CHECK(contents.after().empty());
        REQUIRE(contents.data().size() == 2);
        CHECK(contents.data()[0].method == dump::LoadMethod::copy);
        CHECK(contents.data()[1].method == dump::LoadMethod::large_objects);
        CHECK(contents.find(contents.data()[1].entry.id) == &contents.data()[1]);
        CHECK(contents.find(99999) == nullptr);
        CHECK_FALSE(contents.has(dump::LoadMethod::tool));
        CHECK(contents.for_tool().empty());
    }
}

TEST_CASE("grants come last, but to large objects where these are made") {
    using dump::Section;
    const auto contents =
        contents_of(made({{.kind = "TABLE", .section = Section::before_data},
                          {.tag = "TABLE t", .kind = "ACL"},
                          {.kind = "COMMENT"},
                          {.kind = "SEQUENCE SET", .section = Section::data},
                          {.kind = "BLOB METADATA", .section = Section::data},
                          {.tag = "LARGE OBJECT 1", .kind = "ACL"},
                          {.tag = "LARGE OBJECT 1", .kind = "COMMENT"},
                          {.kind = "CONSTRAINT", .section = Section::after_data}}),
                    keep_all);
    CHECK(listed(contents.before()) ==
          std::vector<std::string>{"TABLE ", "COMMENT ", "BLOB METADATA ", "ACL LARGE OBJECT 1"});
    CHECK(listed(contents.after()) == std::vector<std::string>{"ACL TABLE t", "SEQUENCE SET ",
                                                               "COMMENT LARGE OBJECT 1",
                                                               "CONSTRAINT "});
    CHECK_FALSE(contents.is_qualified());
}

TEST_CASE("what is neither COPY nor a large object of its own is left to pg_restore") {
    using dump::LoadMethod;
    const dump::Entry rows{.has_data = true, .kind = "TABLE DATA", .copy = "COPY t FROM stdin;"};
    const dump::Entry inserts{.has_data = true, .kind = "TABLE DATA"};
    const dump::Entry objects{.has_data = true, .kind = "BLOBS"};
    auto contents = contents_of(made({rows, inserts, objects}), keep_all);
    CHECK(contents.data()[0].method == LoadMethod::copy);
    CHECK(contents.data()[1].method == LoadMethod::tool);
    CHECK(contents.data()[2].method == LoadMethod::large_objects);
    CHECK(listed(contents.for_tool()).size() == 1);
    contents.leave_to_tool();
    CHECK(listed(contents.for_tool()).size() == 3);
    CHECK_FALSE(contents.has(LoadMethod::copy));
    // before 9.0 the data make the objects
    CHECK(contents_of(made({objects}, 11), keep_all).data()[0].method == LoadMethod::tool);
}

TEST_CASE("every entry can be changed or left out, whatever its length") {
    const auto contents = contents_of(archives::fixture("17.dump"), [](dump::Entry& entry) {
        if (entry.definition) entry.definition = std::string(1000, ' ');
        return entry.kind != "VIEW" && entry.tag != "t";
    });
    CHECK_FALSE(lists(contents.before(), "VIEW v"));
    CHECK_FALSE(lists(contents.before(), "TABLE t"));
    CHECK(contents.before().find(std::string(1000, ' ')) != std::string::npos);
    CHECK(std::count_if(contents.data().begin(), contents.data().end(), [](const auto& one) {
              return one.method == dump::LoadMethod::nowhere;
          }) == 1);
}

TEST_CASE("a role without rights calls for extensions and leaves their comments") {
    transfer::StatementRules rules{{.extensions = {"pgcrypto"}, .schemas = {"public", "s"}}, {}};
    transfer::EntryRules keep{rules};
    const auto contents =
        contents_of(archives::fixture("17.dump"), [&](dump::Entry& entry) { return keep(entry); });
    CHECK(statements(contents.before(), "EXTENSION") ==
          "SELECT dokku_postgres_import.extend('pgcrypto','s');\n");
    CHECK_FALSE(lists(contents.before(), "COMMENT EXTENSION pgcrypto"));
}

TEST_CASE("two entries of one id with data are no table of contents of pg_dump's") {
    const dump::ArchiveHeader head{.version = 16, .created = std::vector<int>(7, 0)};
    const auto entry = dump::archive_entry(head, {.id = 1, .has_data = true});
    CHECK_THROWS_AS(contents_of(dump::archive_header(head, 2) + entry + entry, keep_all), Error);
}

TEST_CASE("a table of contents that is cut off is refused") {
    const std::string bytes = archives::fixture("17.toc");
    for (std::size_t size = 0; size < bytes.size(); size += 13)
        CHECK_THROWS_AS(contents_of(bytes.substr(0, size), keep_all), Error);
}
