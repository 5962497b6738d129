// A tar archive that goes by in pieces, whole or cut.
#include "backup/tar.h"

#include "backup/bytes.h"
#include "error/error.h"
#include "fakes/catch.h"

namespace {

void follow(const std::string& archive, std::size_t piece) {
    backup::Tar tar;
    for (std::size_t at = 0; at < archive.size(); at += piece) {
        tar.feed(std::string_view{archive}.substr(at, piece));
    }
    tar.finish();
}

const std::string whole = bytes::member("toc.dat", std::string(700, 'a')) +
                          bytes::member("1.dat", "") +
                          bytes::member("2.dat", std::string(512, '\0')) + bytes::tar_end;

}  // namespace

TEST_CASE("a whole archive passes, whatever its pieces") {
    for (const std::size_t piece : {1U, 7U, 511U, 512U, 513U, 100000U}) {
        CAPTURE(piece);
        CHECK_NOTHROW(follow(whole, piece));
    }
    CHECK_NOTHROW(follow(whole + std::string(9216, '\0'), 4096));
}

TEST_CASE("a cut archive is refused wherever it is cut") {
    for (std::size_t size = 0; size < whole.size(); ++size) {
        CAPTURE(size);
        CHECK_THROWS_AS(follow(whole.substr(0, size), 4096), Error);
    }
}

TEST_CASE("zeros in a member are not the end") {
    const auto archive = bytes::member("1.dat", std::string(4096, '\0'));
    CHECK_THROWS_AS(follow(archive, 512), Error);
    CHECK_NOTHROW(follow(archive + bytes::tar_end, 512));
}

TEST_CASE("one empty block alone is not the end") {
    const auto archive =
        bytes::member("1.dat", "x") + std::string(512, '\0') + bytes::member("2.dat", "y");
    CHECK_THROWS_AS(follow(archive, 512), Error);
}

TEST_CASE("a header that is none is damage") {
    auto archive = whole;
    archive[10] = 'x';
    CHECK_THROWS_AS(follow(archive, 512), Error);
    archive = whole;
    archive.replace(124, 12, "not a number");
    CHECK_THROWS_AS(follow(archive, 512), Error);
    archive = whole;
    archive.replace(124, 12, std::string(12, '\xff'));
    CHECK_THROWS_AS(follow(archive, 512), Error);
}
