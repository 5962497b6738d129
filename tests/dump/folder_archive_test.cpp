// The files of a folder, sent as a stream, turned into one archive: right streams, and wrong ones.
#include "dump/folder_archive.h"

#include <algorithm>
#include <map>
#include <optional>
#include <vector>

#include "dump/archives.h"
#include "dump/bytes.h"
#include "dump/custom.h"
#include "fakes/catch.h"

namespace {

using bytes::objects;
using bytes::rows;
using bytes::table;
using custom::Custom;

struct File {
    std::string name;
    std::string content;
};

std::string listed(const std::vector<File>& files) {
    std::string out;
    for (const auto& file : files)
        out += std::to_string(file.content.size()) + " " + file.name + "\n";
    return out;
}

// Sizes and names, then the bytes.
std::string batch(const std::vector<File>& files) {
    std::string out = listed(files) + "\n";
    for (const auto& file : files) out += file.content;
    return out;
}

std::string sent(const std::string& table) { return std::to_string(table.size()) + "\n" + table; }

std::string stream(const std::string& table, const std::string& list, const std::string& batches) {
    return sent(table) + list + "\n" + sent(table) + batches + "\n";
}
std::string stream(const std::string& table, const std::vector<File>& files) {
    return stream(table, listed(files), batch(files));
}

std::string archived(const std::string& stream, std::size_t piece = 65536) {
    std::size_t taken = 0;
    std::string out;
    std::optional<std::uint64_t> told;
    dump::pass_folder(
        bytes::from(stream, taken, piece), [&](std::uint64_t size) { told = size; },
        [&](std::string_view part) {
            CHECK(told);
            out += part;
        });
    CHECK(told == out.size());
    CHECK(taken == stream.size());
    return out;
}

bool refused(const std::string& stream) {
    try {
        archived(stream);
    } catch (const Error&) {
        return true;
    }
    return false;
}

const std::vector<File> two_files = {{"1.dat", "first"}, {"2.dat", "second"}};
const std::string two_tables = table({rows(1), rows(2)});
const std::vector<File> two_objects = {
    {"blobs_1.toc", "42 blob_42.dat\n43 blob_43.dat\n"}, {"blob_42.dat", "a"}, {"blob_43.dat", ""}};

}  // namespace

TEST_CASE("a folder's files become an archive that says where they stand") {
    const std::string name = GENERATE("15.toc", "17.toc", "18.toc");
    CAPTURE(name);
    const std::string contents = archives::fixture(name);
    std::size_t read = 0;
    dump::ArchiveReader reader{bytes::from(contents, read)};
    std::vector<File> files;
    for (auto entry = reader.next(); entry; entry = reader.next()) {
        if (entry->kind == "TABLE DATA") {
            files.push_back({std::to_string(entry->id) + ".dat.zst", "rows of " + *entry->tag});
        } else if (entry->kind == "BLOBS") {
            files.push_back({"blobs_" + std::to_string(entry->id) + ".toc", "the list"});
            files.push_back({"blob_4242.dat.zst", "large"});
            files.push_back({"blob_4294967295.dat.zst", ""});
        }
    }
    const std::string all = stream(contents, files);
    const std::string bytes = archived(all);
    const Custom custom{bytes};
    CHECK(custom.head.format == dump::ArchiveFormat::custom);
    CHECK(custom.entries.size() == reader.size());
    auto block = custom.blocks.begin();
    for (const auto& entry : custom.entries) {
        const bool has_file = entry.kind == "TABLE DATA" || entry.kind == "BLOBS";
        CHECK((entry.position.state == dump::DataOffset::State::yes) == has_file);
        if (!has_file) continue;
        REQUIRE(block != custom.blocks.end());
        CHECK(block->id == entry.id);
        CHECK(block->large_objects == (entry.kind == "BLOBS"));
        CHECK(block->place == entry.position.offset);
        ++block;
    }
    CHECK(block == custom.blocks.end());
    for (const auto& [tag, data] : custom.data) CHECK(data == "rows of " + tag);
    CHECK(custom.data.contains("t"));
    for (const std::size_t piece : {1U, 7U, 4096U}) CHECK(archived(all, piece) == bytes);
}

TEST_CASE("files are sent in as many parts as it takes") {
    const auto contents = table({objects(1), rows(2)});
    auto files = two_objects;
    files.push_back({"2.dat", std::string(300000, 'x')});
    std::string batches;
    for (const auto& file : files) batches += batch({file});
    const auto bytes = archived(stream(contents, listed(files), batches));
    CHECK(bytes == archived(stream(contents, files)));
    const Custom custom{bytes};
    CHECK(custom.objects == std::map<std::uint32_t, std::string>{{42, "a"}, {43, ""}});
    CHECK(custom.data.at("") == files.back().content);
}

TEST_CASE("a folder without files is an archive without blocks") {
    CHECK(Custom{archived(stream(table({}), {}))}.entries.empty());
}

TEST_CASE("the list of large objects that says of no entry is the next one's") {
    auto files = two_objects;
    files[0].name = "blobs.toc";
    const Custom custom{archived(stream(table({objects(7)}), files))};
    REQUIRE(custom.blocks.size() == 1);
    CHECK(custom.blocks[0].id == 7);
}

TEST_CASE("a stream is cut off wherever it is cut") {
    const std::string all = stream(two_tables, two_files);
    for (std::size_t size = 0; size < all.size(); ++size) {
        CAPTURE(size);
        CHECK_THROWS_AS(archived(all.substr(0, size)), dump::CutOff);
    }
}

TEST_CASE("a table of contents that is none of a folder is refused") {
    const auto files = listed(two_files);
    CHECK(refused(stream(table({rows(1), rows(2)}, dump::ArchiveFormat::custom), two_files)));
    CHECK(refused(stream(two_tables + "x", two_files)));
    CHECK(refused(stream("select 1;", two_files)));
    // as short as it says, with nothing behind it: no reason to wait for more
    CHECK(refused(sent(two_tables.substr(0, two_tables.size() - 1))));
    CHECK(refused("x\n" + two_tables));
    CHECK(refused("18446744073709551616\n" + two_tables));
    CHECK(refused("-1\n" + two_tables));
    CHECK(refused(sent(two_tables) + files + "\n" + sent(table({rows(1), rows(3)}))));
    CHECK(refused(sent(two_tables) + files + "\n" + sent(table({rows(1), objects(2)}))));
    CHECK(refused(sent(two_tables) + files + "\n" + sent(table({rows(1)})) + "\n"));
}

TEST_CASE("files that are not those of the table of contents are refused") {
    CHECK(refused(stream(two_tables, {two_files[0]})));
    CHECK(refused(stream(two_tables, {two_files[1], two_files[0]})));
    CHECK(refused(stream(two_tables, {two_files[0], two_files[1], {"3.dat", ""}})));
    CHECK(refused(stream(table({rows(1)}), {{"blobs_1.toc", ""}})));
    CHECK(refused(stream(table({objects(1)}), {{"1.dat", ""}})));
    CHECK(refused(stream(table({rows(1)}), {{"1.dat", ""}, {"blob_42.dat", ""}})));
    CHECK(refused(stream(table({objects(1)}), {{"blob_42.dat", ""}, {"blobs_1.toc", ""}})));
    for (const std::string line :
         {"5", " 1.dat", "x 1.dat", "-5 1.dat", "+5 1.dat", "5 x.dat", "5 ", "5 blobs_.toc",
          "18446744073709551616 1.dat", "5 4294967296.dat", "5 4294967297.dat"}) {
        CAPTURE(line);
        CHECK(refused(stream(table({rows(1)}), line + "\n", "5 1.dat\n\nfirst")));
    }
}

TEST_CASE("files that are not those that were told of are refused") {
    const auto list = listed(two_files);
    CHECK(refused(stream(two_tables, list, batch({two_files[0]}))));
    CHECK(refused(stream(two_tables, list, batch({two_files[1], two_files[0]}))));
    CHECK(refused(stream(two_tables, list, batch({{"1.dat", "first"}, {"3.dat", "second"}}))));
    CHECK(refused(stream(two_tables, list, batch({{"1.dat", "first"}, {"2.dat", "other"}}))));
    CHECK(refused(stream(two_tables, list, batch({{"1.dat", "second"}, {"2.dat", "first"}}))));
    CHECK(refused(stream(two_tables, list, batch({{"1.dat", "first"}, {"blobs_2.toc", "s"}}))));
    CHECK(refused(stream(two_tables, list, batch(two_files) + batch({{"3.dat", ""}}))));
    const auto contents = table({objects(1), objects(2)});
    const auto other = std::vector<File>{{"blobs_2.toc", ""}, {"blob_44.dat", ""}};
    const auto early = std::vector<File>{two_objects[0], two_objects[1], other[0], two_objects[2]};
    CHECK(refused(stream(contents, listed(two_objects) + listed({other[0]}), batch(early))));
    CHECK(refused(stream(table({objects(1)}), listed({two_objects[0]}), batch({{"1.dat", ""}}))));
}

TEST_CASE("sizes whose sum is right only because it is too large for a number are refused") {
    const std::string huge = "18446744073709551615 1.dat\n12 2.dat\n";
    CHECK(refused(stream(two_tables, huge, batch({{"1.dat", "one"}, {"2.dat", "two"}}))));
    // the block of this one would have no length
    const std::string none = "5 1.dat\n18446744073709551605 2.dat\n";
    CHECK(refused(stream(two_tables, none, batch({two_files[0]}))));
}

TEST_CASE("zero is nobody's number: it ends the large objects") {
    const auto list = std::vector<File>{{"blobs_1.toc", ""}, {"blob_0.dat", ""}};
    CHECK(refused(stream(table({objects(1)}), list)));
    CHECK(refused(stream(table({rows(1)}), {{"0.dat", ""}})));
    CHECK(refused(stream(table({objects(1)}), {{"blobs_0.toc", ""}})));
}

TEST_CASE("a table of contents whose numbers are not as wide as pg_dump's is refused") {
    for (const auto& [number, offset] :
         {std::pair{4U, 8U}, {1U, 8U}, {2U, 8U}, {8U, 8U}, {4U, 4U}}) {
        CAPTURE(number, offset);
        const dump::ArchiveHeader head{.version = 16,
                                       .number_size = number,
                                       .offset_size = offset,
                                       .format = dump::ArchiveFormat::tar,
                                       .created = std::vector<int>(7, 0)};
        const auto contents = dump::archive_header(head, 1) + dump::archive_entry(head, rows(1));
        const auto all = stream(contents, {{"1.dat", std::string(70000, 'x')}});
        if (number == 4 && offset == 8) {
            CHECK_NOTHROW(archived(all));
        } else {
            CHECK(refused(all));
        }
    }
}

TEST_CASE("a list that has no end takes no memory without end") {
    constexpr std::size_t all = 4UL * 1024 * 1024;
    const auto taken_of = [](std::string begin, const std::string& line) {
        std::size_t taken = 0;
        const auto endless = [&](char* into, std::size_t size) {
            const auto count = std::min(size, all - taken);
            for (std::size_t i = 0; i < count; ++i, ++taken) {
                into[i] = taken < begin.size() ? begin[taken]
                                               : line[(taken - begin.size()) % line.size()];
            }
            return count;
        };
        CHECK_THROWS_AS(dump::pass_folder(
                            endless, [](std::uint64_t) {}, [](std::string_view) {}),
                        Error);
        return taken;
    };
    const std::string list = listed(two_files) + "\n";
    CHECK(taken_of(sent(two_tables), "0 1.dat\n") < all / 2);
    CHECK(taken_of(sent(two_tables) + list + sent(two_tables), "0 1.dat\n") < all / 2);
}
