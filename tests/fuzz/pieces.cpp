// Rows in pieces: put together they are the rows, however they come, and each ends with a row.
#include "transfer/row_chunks.h"

#include <algorithm>

#include "fuzz.h"

namespace {

std::string together(std::string_view rows, std::size_t size, unsigned seed) {
    std::string all;
    bool open = false;
    std::uint64_t lines = 0;
    transfer::RowChunks pieces{
        size, [&](transfer::RowChunk piece) {
            fuzz::hold(piece.continues == open, "a row that is open goes on");
            fuzz::hold(piece.lines_before == lines, "lines are counted");
            lines += static_cast<std::uint64_t>(
                std::count(piece.bytes.begin(), piece.bytes.end(), '\n'));
            open = !piece.ends;
            all += piece.bytes;
            const bool whole = all.empty() || all.ends_with('\n');
            fuzz::hold(
                !piece.ends || whole || piece.bytes.empty() || rows.substr(0, all.size()) == rows,
                "a piece ends with a row");
        }};
    fuzz::in_pieces(rows, seed, [&](std::string_view part) { pieces.add(part); });
    pieces.finish();
    fuzz::hold(!open, "the last row ends");
    return all;
}

}  // namespace

void attack(std::string_view bytes) {
    const unsigned seed = fuzz::take_byte(bytes);
    const std::size_t size = 8 + seed % 64;
    const std::string all = together(bytes, size, seed);
    fuzz::hold(bytes.starts_with(all), "the rows, in order");
    const auto left = bytes.substr(all.size());
    fuzz::hold(left.empty() || (left.starts_with("\\.\n") &&
                                left.find_first_not_of('\n', 3) == std::string_view::npos),
               "only the end of the rows is left out");
    // more empty lines than pg_dump writes may be in a piece that has gone
    const bool usual = !bytes.ends_with("\n\n\n\n");
    fuzz::hold(!usual || together(bytes, 64 + size, seed + 1) == all,
               "the same rows for every size");
}
