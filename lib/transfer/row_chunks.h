// The rows of COPY's text format, cut into pieces for several sessions.
#pragma once

#include <cstddef>
#include <cstdint>
#include <functional>
#include <string>
#include <string_view>

namespace transfer {

/// Some rows of a table, or a part of one that is larger than a piece.
struct RowChunk {
    std::string bytes = {};
    std::uint64_t lines_before = 0;
    std::uint64_t lines = 0;  // that end in it
    bool continues = false;   // what the piece before began
    bool ends = true;         // at the end of a row
};

/// Cuts rows as they come. The line that ends them in a dump is left out: sent to one session, it
/// would say nothing to the others.
class RowChunks {
public:
    using Take = std::function<void(RowChunk)>;

    /// `take` is given every piece, of about that size.
    RowChunks(std::size_t size, Take take) : size_(size), take_(std::move(take)) {}

    void add(std::string_view bytes);
    /// All rows were added.
    void finish();

private:
    void cut();
    void give(std::size_t size, bool ends);

    std::size_t size_;
    Take take_;
    std::string held_;
    std::uint64_t lines_ = 0;
    bool continues_ = false;
};

}  // namespace transfer
