// Reads a stream of blocks in pieces of any size.
#pragma once

#include <algorithm>
#include <cstddef>
#include <functional>
#include <string_view>
#include <utility>

namespace dump {

/// Buffers the current block of a stream.
class BlockBuffer {
public:
    /// `next` returns the next block, empty at the end. A block is valid until the next call.
    explicit BlockBuffer(std::function<std::string_view()> next) : next_(std::move(next)) {}

    /// Up to `size` bytes without copying, valid until the next call; empty at the end.
    std::string_view view(std::size_t size) {
        if (left_.empty()) left_ = next_();
        const std::string_view found = left_.substr(0, size);
        left_.remove_prefix(found.size());
        return found;
    }
    /// Copies up to `size` bytes; returns how many, 0 at the end.
    std::size_t take(char* into, std::size_t size) { return view(size).copy(into, size); }

private:
    std::function<std::string_view()> next_;
    std::string_view left_;
};

}  // namespace dump
