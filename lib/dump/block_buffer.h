// The bytes of a stream, as many at a time as somebody wants.
#pragma once

#include <algorithm>
#include <cstddef>
#include <functional>
#include <string_view>
#include <utility>

namespace dump {

/// Hands out what comes in blocks.
class BlockBuffer {
public:
    /// `next` gives the next block, empty at the end; each is good until the next is asked for.
    explicit BlockBuffer(std::function<std::string_view()> next) : next_(std::move(next)) {}

    /// Up to `size` next bytes where they are, good until the next call; empty at the end.
    std::string_view view(std::size_t size) {
        if (left_.empty()) left_ = next_();
        const std::string_view found = left_.substr(0, size);
        left_.remove_prefix(found.size());
        return found;
    }
    /// Copies up to `size` next bytes; returns how many, 0 at the end.
    std::size_t take(char* into, std::size_t size) { return view(size).copy(into, size); }

private:
    std::function<std::string_view()> next_;
    std::string_view left_;
};

}  // namespace dump
