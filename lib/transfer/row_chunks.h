// Splits rows in COPY's text format into chunks for several sessions.
#pragma once

#include <cstddef>
#include <cstdint>
#include <functional>
#include <string>
#include <string_view>

namespace transfer {

/// Some rows of a table, or a part of a row that is larger than a chunk.
struct RowChunk {
    std::string bytes = {};
    std::uint64_t lines_before = 0;
    std::uint64_t lines = 0;  // lines that end in it
    bool continues = false;   // begins with the rest of a row
    bool ends = true;         // ends with a complete row
};

/// Splits rows as they arrive. Leaves out the line that ends them in a dump, because only one of
/// the sessions would get it.
class RowChunks {
public:
    using Take = std::function<void(RowChunk)>;

    /// `take` gets every chunk, of about `size` bytes.
    RowChunks(std::size_t size, Take take) : size_(size), take_(std::move(take)) {}

    /// Adds the next bytes of the rows.
    void add(std::string_view bytes);
    /// Passes the last chunk; all rows were added.
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
