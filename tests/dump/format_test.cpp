// What a dump is, told by its first bytes.
#include "dump/format.h"

#include "dump/bytes.h"
#include "error/error.h"
#include "fakes/catch.h"

using dump::Format;
using dump::look_at;
using dump::Wrapper;
using dump::wrapper_of;

namespace {

std::string error_of(const std::string& head) {
    try {
        look_at(head);
    } catch (const Error& error) {
        return error.what();
    }
    return {};
}

std::string refusal(const std::string& dump, int major) {
    try {
        dump::check_readable(look_at(dump), major);
    } catch (const Error& error) {
        return error.what();
    }
    return {};
}

std::string refusal(int archive, int major) {
    return refusal(bytes::archive(archive, "18.1", "18.6 (Debian 18.6-3)"), major);
}

}  // namespace

TEST_CASE("an archive says who made it from what") {
    const auto head = look_at(bytes::archive(16, "17.6", "17.11 (Debian 17.11-0+deb13u1)"));
    REQUIRE(head.format == Format::custom);
    REQUIRE(head.archive);
    CHECK(head.archive->version == 16);
    CHECK(head.archive->database == "shop");
    CHECK(head.archive->server == "17.6");
    CHECK(head.archive->tool == "17.11 (Debian 17.11-0+deb13u1)");
}

TEST_CASE("archives before 1.15 hold a level in place of a method") {
    const auto head = look_at(bytes::archive(14, "15.2", "15.18"));
    REQUIRE(head.archive);
    CHECK(head.archive->server == "15.2");
    CHECK(head.archive->tool == "15.18");
}

TEST_CASE("a tar of pg_dump is one whose first member is the table of contents") {
    const auto toc = bytes::archive(16, "17.6", "17.11", '\3');
    const auto head = look_at(bytes::member("toc.dat", toc) + bytes::tar_end);
    REQUIRE(head.format == Format::tar);
    CHECK(head.archive->tool == "17.11");
    CHECK_FALSE(error_of(bytes::member("photo.jpg", "x") + bytes::tar_end).empty());
    CHECK_FALSE(error_of(bytes::member("dump/toc.dat", toc) + bytes::tar_end).empty());
}

TEST_CASE("SQL is told by how it begins") {
    CHECK(look_at("--\n-- PostgreSQL database dump\n--\n").format == Format::plain);
    CHECK(look_at("\xef\xbb\xbfSELECT 1;").format == Format::plain);
    CHECK(look_at("\n\n  create table t ();").format == Format::plain);
    CHECK(look_at("\\restrict abc\n").format == Format::plain);
    CHECK(look_at("INSERT INTO t VALUES ('caf\xc3\xa9');").format == Format::plain);
}

TEST_CASE("what is no dump is refused") {
    CHECK(error_of("") == "No data provided on stdin.");
    for (const std::string& head :
         {std::string("<!DOCTYPE html>"), std::string("{\"error\": 1}"),
          std::string("\x7f"
                      "ELF\2"),
          std::string("\xff\xfe<\0!\0", 6), std::string("SELECT \0 1", 10), std::string("   \n \n"),
          std::string(3000, '\0'), std::string("\x1f\x8b\x08 and more")}) {
        CAPTURE(head);
        CHECK_FALSE(error_of(head).empty());
    }
}

TEST_CASE("text in UTF-16 is told, and what it has ruined is named") {
    const auto wide = [](std::string_view text) {
        std::string units;
        for (const char c : text) units += {c, '\0'};
        return units;
    };
    CHECK(look_at("\xff\xfe" + wide("-- x\r\nSELECT 1;")).encoding == dump::Encoding::utf16_le);
    CHECK(look_at(wide("SELECT 1;")).encoding == dump::Encoding::utf16_le);
    CHECK(look_at(std::string{"\xfe\xff\0S", 4}).encoding == dump::Encoding::utf16_be);
    CHECK(look_at("SELECT 1;").encoding == dump::Encoding::utf8);
    CHECK(error_of("\xff\xfe" + wide("PGDMP\1\16")).find("the archive went through") == 0);
    CHECK(error_of("\xff\xfe" + wide("\x1f\x3f")).find("the compressed dump went through") == 0);
}

TEST_CASE("what went through a terminal is named") {
    const auto terminal = [](std::string bytes) {
        for (auto at = bytes.find('\n'); at != std::string::npos; at = bytes.find('\n', at + 2))
            bytes.insert(at, "\r");
        return bytes;
    };
    const std::string archive =
        bytes::archive(16, "17.6", "17.11") + "SET client_encoding = 'UTF8';\n\n";
    CHECK(error_of(archive).empty());
    CHECK(error_of(terminal(archive)).find("went through a terminal") != std::string::npos);
    std::string many;
    for (int i = 0; i < 900; ++i) many += static_cast<char>(i * i * 7 + i / 3);
    const std::string packed = "\x1f\x8b\x08" + many;
    CHECK(wrapper_of(packed) == Wrapper::gzip);
    CHECK_THROWS_AS(wrapper_of(terminal(packed)), Error);
    CHECK(look_at("-- x\r\nSELECT 1;\r\n").format == Format::plain);
}

TEST_CASE("a head that is cut off is an error at every length") {
    const auto whole = bytes::archive(16, "17.6", "17.11");
    const auto fields = whole.size() - 200;
    for (std::size_t size = 1; size < fields; ++size) {
        CAPTURE(size);
        CHECK_FALSE(error_of(whole.substr(0, size)).empty());
    }
    CHECK(error_of(whole.substr(0, fields)).empty());
    const auto tar = bytes::member("toc.dat", whole);
    for (const std::size_t size : {100U, 512U, 513U, 520U, 560U}) {
        CAPTURE(size);
        CHECK_FALSE(error_of(tar.substr(0, size)).empty());
    }
}

TEST_CASE("a head that lies about its sizes is an error, not a crash") {
    auto head = bytes::archive(16, "17.6", "17.11");
    for (std::size_t i = 5; i < head.size() - 200; ++i) {
        for (const char byte : {'\0', '\1', '\x7f', '\xff'}) {
            auto changed = head;
            changed[i] = byte;
            error_of(changed);
        }
    }
    SUCCEED();
}

TEST_CASE("archives of later majors are refused where pg_restore could not read them") {
    CHECK(refusal(14, 14).empty());
    CHECK(refusal(14, 18).empty());
    CHECK(refusal(15, 15) == "the dump was made by pg_dump 18.6, which PostgreSQL 15 cannot read");
    CHECK(refusal(15, 16).empty());
    CHECK_FALSE(refusal(16, 16).empty());
    CHECK(refusal(16, 17).empty());
    CHECK(refusal(16, 18).empty());
    CHECK_FALSE(refusal(17, 18).empty());
    dump::check_readable(look_at("SELECT 1;"), 14);
}

TEST_CASE("an archive is refused whose table of contents import does not read") {
    const auto tar = [](int version) {
        return bytes::member("toc.dat", bytes::archive(version, "9.0", "9.0.2", '\3'));
    };
    CHECK(refusal(tar(10), 17).empty());
    CHECK(refusal(tar(16), 17).empty());
    CHECK(refusal(17, 19) ==
          "the dump was made by pg_dump 18.6, whose archives import does not read");
    CHECK_FALSE(refusal(tar(17), 19).empty());
}

TEST_CASE("wrappings are told apart") {
    CHECK(wrapper_of(bytes::gzip("x")) == Wrapper::gzip);
    CHECK(wrapper_of(bytes::zstd("x")) == Wrapper::zstd);
    CHECK(wrapper_of("\x53\x2a\x4d\x18") == Wrapper::zstd);
    CHECK(wrapper_of("PGDMP") == Wrapper::none);
    CHECK(wrapper_of("") == Wrapper::none);
    CHECK_THROWS_AS(wrapper_of(std::string("\xfd\x37zXZ\0", 6)), Error);
    CHECK_THROWS_AS(wrapper_of("BZh91AY"), Error);
    CHECK_THROWS_AS(wrapper_of("\x04\x22\x4d\x18"), Error);
    CHECK_THROWS_AS(wrapper_of("PK\x03\x04"), Error);
}
