// The words that pg_dump is given.
#include "transfer/export.h"

#include <algorithm>

#include "error/error.h"
#include "fakes/catch.h"

namespace {

bool has(const std::vector<std::string>& words, const std::string& word) {
    return std::find(words.begin(), words.end(), word) != words.end();
}

}  // namespace

TEST_CASE("the best compression that the major has") {
    CHECK(has(transfer::dump_words({}, 17), "--compress=zstd:1"));
    CHECK(has(transfer::dump_words({}, 16), "--compress=zstd:1"));
    for (const int before : {15, 13}) {  // an adopted service may be older than what we serve
        const auto older = transfer::dump_words({}, before);
        CHECK(std::none_of(older.begin(), older.end(),
                           [](const auto& word) { return word.starts_with("--compress"); }));
    }
    CHECK(has(transfer::dump_words({.format = "plain"}, 17), "--format=plain"));
    CHECK_FALSE(has(transfer::dump_words({.format = "plain"}, 17), "--compress=zstd:1"));
    CHECK_FALSE(has(transfer::dump_words({.format = "tar"}, 17), "--compress=zstd:1"));
}

TEST_CASE("neither owners nor grants, and never a password") {
    for (const int major : {14, 18}) {
        const auto words = transfer::dump_words({}, major);
        CHECK(has(words, "--no-owner"));
        CHECK(has(words, "--no-acl"));
        CHECK(has(words, "--no-password"));
    }
}

TEST_CASE("a person's compression") {
    CHECK(has(transfer::dump_words({.compress = "zstd:9"}, 17), "--compress=zstd:9"));
    CHECK(has(transfer::dump_words({.compress = "lz4"}, 18), "--compress=lz4"));
    CHECK(has(transfer::dump_words({.compress = "none"}, 15), "--compress=0"));
    CHECK(has(transfer::dump_words({.compress = "gzip:1"}, 15), "--compress=1"));
    CHECK(has(transfer::dump_words({.compress = "9"}, 15), "--compress=9"));
    CHECK(has(transfer::dump_words({.compress = "0"}, 17), "--compress=none"));
    CHECK(has(transfer::dump_words({.format = "tar", .compress = "none"}, 17), "--compress=none"));
}

TEST_CASE("several jobs dump into a folder", "[dump]") {
    const auto words = transfer::dump_words({.jobs = 3}, 16);
    CHECK(has(words, "--format=directory"));
    CHECK(has(words, "--jobs=3"));
    CHECK(has(words, "--compress=zstd:1"));
    CHECK(has(transfer::dump_words({.compress = "none", .jobs = 2}, 18), "--compress=none"));
    CHECK_FALSE(has(transfer::dump_words({.jobs = 1}, 18), "--jobs=1"));
    CHECK_THROWS_AS(transfer::dump_words({.jobs = 2}, 15), Error);
    CHECK_THROWS_AS(transfer::dump_words({.format = "plain", .jobs = 2}, 17), Error);
    CHECK_THROWS_AS(transfer::dump_words({.format = "tar", .jobs = 2}, 17), Error);
    for (const std::string compress : {"gzip", "gzip:1", "6", "lz4"}) {
        CAPTURE(compress);
        CHECK_THROWS_AS(transfer::dump_words({.compress = compress, .jobs = 2}, 17), Error);
    }
    for (const int jobs : {0, -1, 65}) {
        CAPTURE(jobs);
        CHECK_THROWS_AS(transfer::dump_words({.jobs = jobs}, 17), Error);
    }
}

TEST_CASE("what cannot be is a mistake in the words") {
    for (const std::string compress : {"zst", "zstd:", "zstd:0", "zstd:23", "gzip:10", "10",
                                       "zstd:9,workers=4", "none:1", "-1"}) {
        CAPTURE(compress);
        CHECK_THROWS_AS(transfer::dump_words({.compress = compress}, 17), Error);
    }
    CHECK_THROWS_AS(transfer::dump_words({.compress = "zstd"}, 15), Error);
    CHECK_THROWS_AS(transfer::dump_words({.format = "directory"}, 17), Error);
    CHECK_THROWS_AS(transfer::dump_words({.format = "tar", .compress = "gzip"}, 17), Error);
}
