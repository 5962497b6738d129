// Rows cut into pieces: put together they are the rows, and each ends with one.
#include "transfer/row_chunks.h"

#include <algorithm>
#include <vector>

#include "fakes/catch.h"

namespace {

std::vector<transfer::RowChunk> pieces_of(const std::string& bytes, std::size_t size,
                                          std::size_t step = 3) {
    std::vector<transfer::RowChunk> found;
    transfer::RowChunks pieces{
        size, [&](transfer::RowChunk piece) { found.push_back(std::move(piece)); }};
    for (std::size_t at = 0; at < bytes.size(); at += step) pieces.add(bytes.substr(at, step));
    pieces.finish();
    return found;
}

std::string together(const std::vector<transfer::RowChunk>& pieces) {
    std::string all;
    for (const auto& piece : pieces) all += piece.bytes;
    return all;
}

std::string rows(int count) {
    std::string all;
    for (int i = 0; i < count; ++i) all += std::to_string(i * 7919) + "\tx\\.\n";
    return all;
}

}  // namespace

TEST_CASE("pieces are whole rows, in order, without the line that ends them") {
    const std::string all = rows(50);
    for (std::size_t size = 24; size < 900; size += 3) {
        CAPTURE(size);
        const auto pieces = pieces_of(all + "\\.\n\n\n", size, 1 + size % 11);
        CHECK(together(pieces) == all);
        std::uint64_t lines = 0;
        for (const auto& piece : pieces) {
            CHECK(piece.bytes.size() <= size);
            CHECK(piece.bytes.ends_with('\n'));
            CHECK(piece.ends);
            CHECK_FALSE(piece.continues);
            CHECK(piece.lines_before == lines);
            lines += static_cast<std::uint64_t>(
                std::count(piece.bytes.begin(), piece.bytes.end(), '\n'));
        }
    }
}

TEST_CASE("a row that is larger than a piece goes on in the next") {
    const std::string all = "1\n" + std::string(100, 'x') + "\n2\n";
    const auto pieces = pieces_of(all + "\\.\n\n\n", 32);
    CHECK(together(pieces) == all);
    CHECK(std::count_if(pieces.begin(), pieces.end(),
                        [](const auto& piece) { return piece.continues; }) >= 3);
    for (std::size_t i = 0; i < pieces.size(); ++i) {
        CHECK(pieces[i].continues == (i > 0 && !pieces[i - 1].ends));
        CHECK(pieces[i].ends == pieces[i].bytes.ends_with('\n'));
    }
}

TEST_CASE("a table without rows has no piece, and empty rows are rows") {
    CHECK(pieces_of("\\.\n\n\n", 32).empty());
    CHECK(pieces_of("", 32).empty());
    CHECK(together(pieces_of("\n\n\n\\.\n\n\n", 32)) == "\n\n\n");
    CHECK(together(pieces_of(rows(1) + "\\.\n", 32)) == rows(1));
}

TEST_CASE("what only looks like the end of the rows stays") {
    for (const std::string all : {"x\\.\n\n", "\\.\n1\n", "1\n\\.\n\n2\n", "\\.", "1\n\\.\\.\n"}) {
        CAPTURE(all);
        CHECK(together(pieces_of(all, 32)) == all);
    }
}
