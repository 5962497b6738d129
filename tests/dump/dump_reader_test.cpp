// Streams as they come, unpacked on the way.
#include "dump/dump_reader.h"

#include <unistd.h>

#include <cstdio>

#include "dump/bytes.h"
#include "dump/format.h"
#include "error/error.h"
#include "fakes/catch.h"

namespace {

std::string all_of(const std::string& packed, std::size_t piece = 65536) {
    const bytes::Stream stream{packed, piece};
    dump::DumpReader source{stream.in()};
    std::string out;
    for (auto bytes = source.read(); !bytes.empty(); bytes = source.read()) out += bytes;
    return out;
}

// Not the same letter all over: packed it has to be longer than one block.
std::string some(std::size_t size) {
    std::string out;
    std::uint32_t state = 42;
    while (out.size() < size) {
        state = state * 1664525U + 1013904223U;
        out += static_cast<char>(state >> 24U);
    }
    return out;
}

}  // namespace

TEST_CASE("what is not packed passes as it is") {
    for (const std::size_t size : {1U, 5U, 6U, 4096U, 300000U, 1000003U}) {
        const std::string plain = "x" + some(size - 1);
        CAPTURE(size);
        CHECK(all_of(plain) == plain);
    }
    CHECK(all_of("").empty());
    CHECK(all_of("SELECT 1;\n", 1) == "SELECT 1;\n");
}

TEST_CASE("gzip and zstd are unpacked") {
    for (const std::size_t size : {1UL, 4096UL, 262144UL, 262145UL, 3000000UL}) {
        const std::string plain = some(size);
        CAPTURE(size);
        CHECK(all_of(bytes::gzip(plain)) == plain);
        CHECK(all_of(bytes::zstd(plain)) == plain);
    }
    const std::string zeros(5000000, '\0');
    CHECK(all_of(bytes::gzip(zeros)) == zeros);
    CHECK(all_of(bytes::zstd(zeros)) == zeros);
    CHECK(all_of(bytes::gzip("one by one"), 1) == "one by one");
    CHECK(all_of(bytes::zstd("one by one"), 1) == "one by one");
}

TEST_CASE("members and frames that follow each other are one stream") {
    CHECK(all_of(bytes::gzip("one ") + bytes::gzip("two")) == "one two");
    CHECK(all_of(bytes::gzip("one ") + bytes::gzip("two"), 3) == "one two");
    CHECK(all_of(bytes::zstd("one ") + bytes::zstd("two")) == "one two");
    CHECK(all_of(bytes::gzip("padded") + std::string(512, '\0')) == "padded");
    CHECK(all_of(std::string("\x50\x2a\x4d\x18\x04\0\0\0abcd", 12) + bytes::zstd("framed")) ==
          "framed");
    CHECK(all_of(bytes::gzip("")).empty());
    CHECK(all_of(bytes::zstd("")).empty());
}

TEST_CASE("a packed stream that is cut off is an error wherever it is cut") {
    const std::string plain = some(700);
    for (const auto& packed :
         {bytes::gzip(plain), bytes::zstd(plain), bytes::gzip(std::string(600000, 'a')),
          bytes::zstd(std::string(600000, 'a'))}) {
        const std::size_t stride = packed.size() < 2000 ? 1 : 41;
        for (std::size_t size = 6; size < packed.size(); size += stride) {
            CAPTURE(size);
            CHECK_THROWS_AS(all_of(packed.substr(0, size)), Error);
        }
    }
}

TEST_CASE("a packed stream that is damaged is an error") {
    for (auto packed :
         {bytes::gzip(some(5000)), bytes::zstd(some(5000) + std::string(5000, 'a'))}) {
        packed += "rubbish behind it";
        CHECK_THROWS_AS(all_of(packed), Error);
    }
    auto packed = bytes::gzip(some(5000));
    packed[packed.size() / 2] = static_cast<char>(packed[packed.size() / 2] ^ 0x55);
    CHECK_THROWS_AS(all_of(packed), Error);
}

TEST_CASE("the head is what the first reads give") {
    const std::string plain = some(100000);
    const bytes::Stream stream{bytes::zstd(plain), 100};
    dump::DumpReader source{stream.in()};
    CHECK(source.head() == plain.substr(0, dump::head_size));
    CHECK(source.head() == plain.substr(0, dump::head_size));
    std::string out;
    for (auto bytes = source.read(); !bytes.empty(); bytes = source.read()) out += bytes;
    CHECK(out == plain);
    CHECK(source.taken() > 100000);
}

TEST_CASE("what was looked at ahead is read all the same") {
    const std::string plain = some(1000000);
    const bytes::Stream stream{bytes::gzip(plain), 5000};
    dump::DumpReader source{stream.in()};
    CHECK(source.holds(700000));
    CHECK(source.holds(1000000));
    CHECK_FALSE(source.holds(1000001));
    CHECK_FALSE(source.all());
    std::string out;
    for (auto bytes = source.read(); !bytes.empty(); bytes = source.read()) out += bytes;
    CHECK(out == plain);
}

TEST_CASE("a file tells how much is to come from where it stands") {
    std::FILE* file = std::tmpfile();
    REQUIRE(file != nullptr);
    REQUIRE(std::fputs("0123456789", file) >= 0);
    REQUIRE(std::fflush(file) == 0);
    REQUIRE(::lseek(::fileno(file), 4, SEEK_SET) == 4);
    dump::DumpReader source{::fileno(file)};
    CHECK(source.all() == 6);
    CHECK(source.read() == "456789");
    CHECK(source.taken() == 6);
    std::fclose(file);
}

TEST_CASE("an input that cannot be read is an error") {
    CHECK_THROWS_AS(dump::DumpReader{-1}, Error);
}
