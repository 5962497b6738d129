// The members of a tar archive, whole, cut and damaged.
#include "dump/tar.h"

#include "dump/bytes.h"
#include "error/error.h"
#include "fakes/catch.h"

namespace {

// Every member's name and bytes; read: whether somebody wants them.
std::string members(const std::string& archive, std::size_t piece, bool read = true) {
    std::size_t taken = 0;
    dump::TarReader tar{bytes::from(archive, taken, piece)};
    std::string out;
    while (const auto member = tar.next()) {
        out += member->name + " " + std::to_string(member->size) + ":";
        std::string bytes(member->size, '-');
        for (std::size_t at = 0; read && at < bytes.size();)
            at += tar.read(bytes.data() + at, bytes.size() - at);
        char more = 0;
        if (read) CHECK(tar.read(&more, 1) == 0);
        CHECK(tar.left() == (read ? 0 : member->size));
        out += bytes + "\n";
    }
    CHECK(taken <= archive.size());
    return out;
}

std::string error_of(const std::string& archive) {
    try {
        members(archive, 512);
    } catch (const Error& error) {
        return error.what();
    }
    return {};
}

const std::string whole = bytes::member("toc.dat", std::string(700, 'a')) +
                          bytes::member("1.dat", "") +
                          bytes::member("2.dat", std::string(512, '\0')) + bytes::tar_end;

}  // namespace

TEST_CASE("a whole archive gives its members, whatever its pieces") {
    const std::string expected = "toc.dat 700:" + std::string(700, 'a') +
                                 "\n1.dat 0:\n2.dat 512:" + std::string(512, '\0') + "\n";
    for (const std::size_t piece : {1U, 7U, 511U, 512U, 513U, 100000U}) {
        CAPTURE(piece);
        CHECK(members(whole, piece) == expected);
        CHECK(members(whole, piece, false).size() == expected.size());
    }
    CHECK(members(whole + std::string(9216, '\0'), 4096) == expected);
}

TEST_CASE("a cut archive is refused wherever it is cut") {
    for (std::size_t size = 0; size < whole.size(); ++size) {
        CAPTURE(size);
        CHECK(error_of(whole.substr(0, size)).find("cut off") != std::string::npos);
    }
}

TEST_CASE("zeros in a member are not the end") {
    const auto archive = bytes::member("1.dat", std::string(4096, '\0'));
    CHECK_FALSE(error_of(archive).empty());
    CHECK(error_of(archive + bytes::tar_end).empty());
}

TEST_CASE("one empty block alone is not the end") {
    CHECK_FALSE(
        error_of(bytes::member("1.dat", "x") + std::string(512, '\0') + bytes::member("2.dat", "y"))
            .empty());
}

TEST_CASE("a header that is none is damage") {
    auto archive = whole;
    archive[10] = 'x';
    CHECK_FALSE(error_of(archive).empty());
    archive = whole;
    archive.replace(124, 12, "not a number");
    CHECK_FALSE(error_of(archive).empty());
    archive = whole;
    archive.replace(124, 12, std::string(12, '\xff'));
    CHECK_FALSE(error_of(archive).empty());
}

TEST_CASE("what stands behind a member is empty") {
    auto archive = whole;
    archive[512 + 700] = 'a';
    CHECK(error_of(archive).find("longer than its header says") != std::string::npos);
}
