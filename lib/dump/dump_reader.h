// Reads a dump from a descriptor and decompresses it.
#pragma once

#include <cstddef>
#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <string_view>

namespace dump {

/// Reads a stream to its end in bounded memory. Throws Error if a compressed stream is cut off or
/// damaged.
class DumpReader {
public:
    /// Reads the first bytes of a descriptor, which the caller keeps. `block` is how many bytes are
    /// read, and how many are decompressed, at a time. Throws Error.
    explicit DumpReader(int descriptor, std::size_t block = 256UL * 1024);
    ~DumpReader();
    DumpReader(const DumpReader&) = delete;
    DumpReader& operator=(const DumpReader&) = delete;

    /// The first decompressed bytes: head_size of them, or all if there are fewer. Only before the
    /// first read().
    std::string_view head();
    /// Whether there are at least this many decompressed bytes; they are kept for read(). Only
    /// before the first read().
    bool holds(std::size_t bytes);
    /// The next decompressed bytes, beginning with the head; empty at the end. Valid until the next
    /// call.
    std::string_view read();
    /// Sets a function that waits, instead of poll, while there is nothing to read from the
    /// descriptor.
    void wait_by(std::function<void(int descriptor)> wait);
    /// How many compressed bytes were read so far.
    std::uint64_t taken() const;
    /// How many compressed bytes there are in all, if the descriptor is a file.
    std::optional<std::uint64_t> all() const { return all_; }

    struct Decoding;

private:
    std::optional<std::uint64_t> all_;
    std::unique_ptr<Decoding> decoding_;
    std::string head_;
    bool ended_ = false;  // while the head was read
    bool head_given_ = false;
};

}  // namespace dump
