// Tar archives turned into custom ones. `tests/backup/archives/*.tar` are of one small database by
// pg_dump of 15, 17 and 18: two tables, one of them empty, and three large objects.
#include "backup/conversion.h"

#include <map>

#include "backup/archives.h"
#include "backup/bytes.h"
#include "backup/custom.h"
#include "error/error.h"
#include "fakes/catch.h"

namespace {

using bytes::objects;
using bytes::rows;
using bytes::table;
using custom::Custom;

std::string converted(const std::string& tar, std::size_t piece = 65536) {
    std::size_t taken = 0;
    std::string out;
    backup::pass_as_custom(
        bytes::from(tar, taken, piece), [](backup::Entry&) {},
        [&](std::string_view part) { out += part; });
    CHECK(taken <= tar.size());
    return out;
}

std::string error_of(const std::string& tar) {
    try {
        converted(tar);
    } catch (const Error& error) {
        return error.what();
    }
    return {};
}

bool refused(const std::string& tar, std::string_view text) {
    const std::string error = error_of(tar);
    CAPTURE(error);
    CHECK(error.find(text) != std::string::npos);
    return !error.empty();
}

const std::string one_table = bytes::member("toc.dat", table({rows(1)}));
const std::string two_tables = bytes::member("toc.dat", table({rows(1), rows(2)}));
const std::string one_object = bytes::member("toc.dat", table({objects(1)}));

}  // namespace

TEST_CASE("a tar of pg_dump becomes a custom archive of the same") {
    const std::string name = GENERATE("15.tar", "17.tar", "18.tar");
    CAPTURE(name);
    const std::string tar = archives::fixture(name);
    const std::string bytes = converted(tar);
    const Custom custom{bytes};
    CHECK(custom.head.layout == backup::Layout::custom);
    for (const auto& block : custom.blocks) {
        const auto& entry = custom.entry(block.id);
        CHECK(entry.place.known == backup::Place::Known::no);
        CHECK(block.large_objects == (entry.kind == "BLOBS"));
    }
    CHECK(custom.head.compression == 0);
    CHECK(custom.head.database == "tiny");
    CHECK(custom.data.at("t") == "1\n2\n3\n\\.\n\n\n");
    CHECK(custom.data.at("empty") == "\\.\n\n\n");
    CHECK(custom.data.size() == 2);
    CHECK(custom.objects ==
          std::map<std::uint32_t, std::string>{{4242, "large"}, {4243, ""}, {3000000001, "last"}});
    for (const std::size_t piece : {1U, 511U, 512U, 513U}) CHECK(converted(tar, piece) == bytes);
}

TEST_CASE("every entry can be changed on its way, whatever its length") {
    std::size_t taken = 0;
    std::string bytes;
    const std::string tar = archives::fixture("17.tar");
    backup::pass_as_custom(
        bytes::from(tar, taken, tar.size()),
        [](backup::Entry& entry) { entry.definition = "changed " + entry.kind.value_or(""); },
        [&](std::string_view part) { bytes += part; });
    const Custom custom{bytes};
    for (const auto& entry : custom.entries)
        CHECK(entry.definition == "changed " + entry.kind.value_or(""));
    CHECK(custom.data.size() == 2);
}

TEST_CASE("a tar is cut off wherever it is cut") {
    const std::string name = GENERATE("15.tar", "18.tar");
    const std::string tar = archives::fixture(name);
    for (std::size_t size = 0; size < tar.size(); size += size < 4096 ? 13 : 97) {
        CAPTURE(size);
        CHECK(refused(tar.substr(0, size), "cut off"));
    }
    CHECK(refused(tar.substr(0, tar.size() - 1), "cut off"));
}

TEST_CASE("a member of any size is passed on whole") {
    const std::string large(300000, 'x');
    const Custom custom{converted(one_table + bytes::member("1.dat", large) + bytes::tar_end)};
    CHECK(custom.data.at("") == large);
}

TEST_CASE("members that are not those of the table of contents are refused") {
    const auto a = bytes::member("1.dat", "a");
    const auto b = bytes::member("2.dat", "b");
    const auto script = bytes::member("restore.sql", "select 1");
    CHECK(error_of(two_tables + a + b + script + bytes::tar_end).empty());
    CHECK(error_of(two_tables + a + b + bytes::tar_end).empty());
    CHECK(refused(two_tables + b + a + bytes::tar_end, "'2.dat' stands where '1.dat' should be"));
    CHECK(refused(two_tables + a + script + bytes::tar_end, "'2.dat' should be"));
    CHECK(refused(two_tables + a + bytes::tar_end, "it lacks '2.dat'"));
    CHECK(refused(two_tables + a + b + b + bytes::tar_end, "'2.dat' does not belong"));
    CHECK(refused(two_tables + a + b + script + script + bytes::tar_end, "does not belong"));
    CHECK(refused(two_tables + a + bytes::member("x\ny", "") + bytes::tar_end, "'2.dat' should"));
    CHECK(refused(two_tables + two_tables + bytes::tar_end, "'1.dat' should be"));
    CHECK(refused(bytes::member("1.dat", "a") + bytes::tar_end, "does not begin"));
    CHECK(refused(bytes::tar_end, "does not begin"));
}

TEST_CASE("large objects stand before their list, which has to fit") {
    const auto object = bytes::member("blob_42.dat", "a");
    const auto list = bytes::member("blobs_1.toc", "42 blob_42.dat\n");
    const Custom custom{converted(one_object + object + list + bytes::tar_end)};
    CHECK(custom.objects.at(42) == "a");
    CHECK(error_of(one_object + bytes::member("blobs_1.toc", "") + bytes::tar_end).empty());
    CHECK(refused(one_object + list + bytes::tar_end, "lists other large objects"));
    CHECK(refused(one_object + object + object + list + bytes::tar_end, "lists other"));
    CHECK(refused(one_object + list + object + bytes::tar_end, "lists other"));
    CHECK(refused(one_object + object + bytes::tar_end, "it lacks 'blobs_1.toc'"));
    CHECK(refused(one_table + object + bytes::tar_end, "'1.dat' should be"));
    for (const std::string name : {"blob_0.dat", "blob_.dat", "blob_4294967296.dat", "blob_1x.dat",
                                   "blob_-1.dat", "blob_1.dat.gz"}) {
        CAPTURE(name);
        CHECK(refused(one_object + bytes::member(name, "") + bytes::tar_end, "should be"));
    }
}

TEST_CASE("a table of contents that is none of a tar is refused") {
    const auto refused_table = [](const std::string& bytes, std::string_view text) {
        return refused(
            bytes::member("toc.dat", bytes) + bytes::member("1.dat", "a") + bytes::tar_end, text);
    };
    CHECK(refused_table(table({rows(1)}, backup::Layout::custom), "table of contents"));
    CHECK(refused_table(table({rows(1)}) + "x", "table of contents"));
    CHECK(refused_table(table({rows(1)}).substr(0, 90), "table of contents"));
    auto long_name = rows(1);
    long_name.file = std::string(101, 'x');
    CHECK(refused_table(table({long_name}), "table of contents"));
    CHECK(refused_table("select 1;", "no archive"));
}
