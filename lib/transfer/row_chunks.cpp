// Splits rows in COPY's text format into chunks for several sessions.
#include "transfer/row_chunks.h"

#include <algorithm>
#include <utility>

namespace transfer {

namespace {

// The end of the last row, and what pg_dump writes after it.
constexpr std::string_view end_of_rows = "\n\\.\n\n\n";

// How many of the bytes are rows.
std::size_t without_end(std::string_view bytes) {
    constexpr std::string_view mark = "\\.\n";
    const auto at = bytes.rfind(mark);
    if (at == std::string_view::npos) return bytes.size();
    const bool is_line = at == 0 || bytes[at - 1] == '\n';
    const bool is_last = bytes.find_first_not_of('\n', at + mark.size()) == std::string_view::npos;
    return is_line && is_last ? at : bytes.size();
}

}  // namespace

void RowChunks::add(std::string_view bytes) {
    if (held_.capacity() < size_) held_.reserve(size_);
    while (!bytes.empty()) {
        const auto part = bytes.substr(0, size_ - held_.size());
        held_ += part;
        bytes.remove_prefix(part.size());
        if (held_.size() == size_) cut();
    }
}

// Keeps what may be the end of the rows.
void RowChunks::cut() {
    const auto most = held_.size() - end_of_rows.size();
    const auto last = std::string_view{held_}.substr(0, most).rfind('\n');
    if (last == std::string_view::npos) return give(most, false);
    give(last + 1, true);
}

void RowChunks::give(std::size_t size, bool ends) {
    std::string rest;
    rest.reserve(size_);
    rest.assign(held_, size);
    held_.resize(size);
    const auto lines = static_cast<std::uint64_t>(std::count(held_.begin(), held_.end(), '\n'));
    take_({.bytes = std::exchange(held_, std::move(rest)),
           .lines_before = lines_,
           .lines = lines,
           .continues = std::exchange(continues_, !ends),
           .ends = ends});
    lines_ += lines;
}

void RowChunks::finish() {
    held_.resize(without_end(held_));
    if (!held_.empty() || continues_) give(held_.size(), true);
}

}  // namespace transfer
