// The data of archives. `tests/dump/archives/*.dump` and `*.tar` are of small databases by
// pg_dump of 15, 17 and 18; the others are made byte by byte.
#include "dump/data_reader.h"

#include <map>
#include <vector>

#include "dump/archives.h"
#include "dump/bytes.h"
#include "error/error.h"
#include "fakes/catch.h"

namespace {

using bytes::objects;
using bytes::rows;

struct Found {
    std::vector<std::string> order;           // the tags of rows, the oids of large objects
    std::map<std::string, std::string> data;  // by those
};

void read_all(dump::DataReader& reader, Found& found) {
    for (auto part = reader.next(); part; part = reader.next()) {
        const auto& entry = part->of->entry;
        if (entry.kind == "BLOBS" && !part->large_object) continue;
        const std::string name = part->large_object
                                     ? std::to_string(*part->large_object)
                                     : entry.tag.value_or("") + entry.file.value_or("");
        found.order.push_back(name);
        for (auto bytes = reader.read(); !bytes.empty(); bytes = reader.read())
            found.data[name] += bytes;
    }
}

bool keep(dump::Entry&) { return true; }

// An archive that comes in pieces of that size.
Found read(const std::string& archive, std::size_t piece = 65536) {
    std::string_view left = archive;
    dump::BlockBuffer intake{[&] {
        const auto some = left.substr(0, piece);
        left.remove_prefix(some.size());
        return some;
    }};
    const dump::Bytes bytes = [&](char* into, std::size_t size) { return intake.take(into, size); };
    Found found;
    if (archive.starts_with(dump::archive_magic)) {
        const dump::TableOfContents contents{bytes, keep};
        read_all(*dump::custom_data(intake, contents), found);
    } else {
        dump::TarReader tar{bytes};
        const auto contents = dump::tar_contents(tar, keep);
        read_all(*dump::tar_data(tar, contents), found);
    }
    return found;
}

std::string error_of(const std::string& archive) {
    try {
        read(archive);
    } catch (const Error& error) {
        return error.what();
    }
    return {};
}

bool refused(const std::string& archive, std::string_view text) {
    const std::string error = error_of(archive);
    CAPTURE(error);
    CHECK(error.find(text) != std::string::npos);
    return !error.empty();
}

// --- custom archives

std::string custom(std::vector<dump::Entry> entries, int packing = 0) {
    const dump::ArchiveHeader head{
        .version = 16, .compression = packing, .created = std::vector<int>(7, 0)};
    std::string out = dump::archive_header(head, entries.size());
    for (auto& entry : entries) {
        entry.file = {};
        entry.tag = std::to_string(entry.id);
        out += dump::archive_entry(head, entry);
    }
    return out;
}

std::string chunks(const std::string& content, std::size_t size = 5) {
    std::string out;
    for (std::size_t at = 0; at < content.size(); at += size) {
        const auto part = content.substr(at, size);
        out += bytes::text(part);
    }
    return out + bytes::number(0);
}
std::string block(int id, const std::string& content) {
    return "\1" + bytes::number(id) + chunks(content);
}

// --- tar archives

std::string tar(const std::vector<dump::Entry>& entries) {
    return bytes::member("toc.dat", bytes::table(entries));
}
const std::string one_table = tar({rows(1)});
const std::string two_tables = tar({rows(1), rows(2)});
const std::string one_object = tar({objects(1)});

}  // namespace

TEST_CASE("the data of real archives are what was dumped") {
    const std::string name =
        GENERATE("15.dump", "17.dump", "18.dump", "15.tar", "17.tar", "18.tar");
    CAPTURE(name);
    const std::string archive = archives::fixture(name);
    const Found found = read(archive);
    const bool is_tar = name.ends_with(".tar");
    const std::string rows_of_t = is_tar ? "1\n2\n3\n" : "1\n2\n";
    CHECK(found.order.size() == (is_tar ? 5 : 2));
    for (const auto& [key, content] : found.data) {
        CAPTURE(key);
        if (key == "3000000001") {
            CHECK(content == "last");
        } else if (key == "4242") {
            CHECK(content == "large");
        } else {
            CHECK(content == (key.starts_with("t") ? rows_of_t : "") + "\\.\n\n\n");
        }
    }
    for (const std::size_t piece : {1U, 2U, 511U, 512U, 513U}) {
        const Found again = read(archive, piece);
        CHECK(again.data == found.data);
        CHECK(again.order == found.order);
    }
}

TEST_CASE("an archive is cut off wherever it is cut") {
    const std::string name = GENERATE("15.dump", "17.dump", "18.dump", "15.tar", "18.tar");
    const std::string archive = archives::fixture(name);
    const bool is_tar = name.ends_with(".tar");
    for (std::size_t size = is_tar ? 0 : 6; size < archive.size(); size += size < 4096 ? 13 : 97) {
        CAPTURE(size);
        CHECK(refused(archive.substr(0, size), "cut off"));
    }
    CHECK(refused(archive.substr(0, archive.size() - 1), "cut off"));
}

TEST_CASE("data are unpacked, whatever they are packed with") {
    std::string content;
    for (int i = 0; i < 60000; ++i) content += std::to_string(i * 7919) + "\n";
    const std::string packed[] = {content, bytes::zlib(content), bytes::lz4(content),
                                  bytes::zstd(content)};
    const std::string empty[] = {"", bytes::zlib(""), bytes::lz4(""), bytes::zstd("")};
    for (int packing = 0; packing < 4; ++packing) {
        CAPTURE(packing);
        const auto archive = custom({rows(1), rows(2), rows(3)}, packing) +
                             block(1, packed[packing]) + block(2, empty[packing]) +
                             block(3, packed[packing]);
        const auto found = read(archive, 1000);
        CHECK(found.data.at("1") == content);
        CHECK_FALSE(found.data.contains("2"));
        CHECK(found.data.at("3") == content);
        CHECK(read(custom({rows(1)}, packing) + block(1, "")).data.empty());
        if (packing == 0) continue;
        const auto end = packed[packing].size();
        const auto one = custom({rows(1)}, packing);
        CHECK(refused(one + block(1, packed[packing].substr(0, end / 2)), "ends too early"));
        CHECK(refused(one + block(1, packed[packing] + "x"), "goes on after its end"));
        std::string flipped = packed[packing];
        for (std::size_t at = 0; at < flipped.size(); at += 7) flipped[at] ^= '\x40';
        CHECK(refused(one + block(1, flipped), "damaged"));
    }
    CHECK(refused(custom({rows(1)}, 4) + block(1, ""), "unknown compression method"));
}

TEST_CASE("the blocks of a custom archive may come in any order, each once") {
    const auto head = custom({rows(1), rows(2)});
    const auto found = read(head + block(2, "b") + block(1, "a") + "what stands behind");
    CHECK(found.order == std::vector<std::string>{"2", "1"});
    CHECK(refused(head + block(1, "a") + block(1, "a"), "twice"));
    CHECK(refused(head + block(3, "a"), "not in its table of contents"));
    CHECK(refused(head + block(1, "a") + "\2", "a block of unknown kind"));
    CHECK(refused(head + block(1, "a"), "it lacks TABLE DATA 2"));
    CHECK(refused(head + "\3" + bytes::number(1), "not in its table of contents"));
    CHECK(refused(head + "\1" + bytes::number(1) + bytes::number(-1), "negative length"));
}

TEST_CASE("the large objects of a custom archive stand in the block of their entry") {
    const auto head = custom({objects(1), rows(2)});
    const auto large = bytes::number(42) + chunks("a") + bytes::number(-1294967295) + chunks("b");
    const auto found =
        read(head + "\3" + bytes::number(1) + large + bytes::number(0) + block(2, "c"));
    CHECK(found.data ==
          std::map<std::string, std::string>{{"42", "a"}, {"3000000001", "b"}, {"2", "c"}});
    CHECK(refused(head + "\3" + bytes::number(1) + large, "cut off"));
}

TEST_CASE("members of a tar that are not those of the table of contents are refused") {
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
    const std::string large(300000, 'x');
    CHECK(read(one_table + bytes::member("1.dat", large) + bytes::tar_end).data.at("1.dat") ==
          large);
}

TEST_CASE("large objects of a tar stand before their list, which has to fit") {
    const auto object = bytes::member("blob_42.dat", "a");
    const auto list = bytes::member("blobs_1.toc", "42 blob_42.dat\n");
    CHECK(read(one_object + object + list + bytes::tar_end).data.at("42") == "a");
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

TEST_CASE("a table of contents that is none of its archive is refused") {
    const auto refused_table = [](const std::string& bytes, std::string_view text) {
        return refused(
            bytes::member("toc.dat", bytes) + bytes::member("1.dat", "a") + bytes::tar_end, text);
    };
    using bytes::table;
    CHECK(refused_table(table({rows(1)}, dump::ArchiveFormat::custom), "table of contents"));
    CHECK(refused_table(table({rows(1)}) + "x", "table of contents"));
    CHECK(refused_table(table({rows(1)}).substr(0, 90), "table of contents"));
    auto long_name = rows(1);
    long_name.file = std::string(101, 'x');
    CHECK(refused_table(table({long_name}), "table of contents"));
    CHECK(refused_table("select 1;", "not an archive"));
    CHECK(refused(table({rows(1)}), "table of contents"));  // of a tar, without one
}
