// Writes the data blocks of a custom archive, one after the other.
#pragma once

#include <cstdint>
#include <functional>
#include <string_view>

#include "dump/archive.h"

namespace dump {

/// Gets the next bytes of an archive.
using Sink = std::function<void(std::string_view)>;

/// Writes the blocks after the table of contents, with one chunk in memory at a time.
class BlockWriter {
public:
    /// Keeps references to header and sink; the header is used from the first call on.
    BlockWriter(const ArchiveHeader& head, const Sink& sink) : head_(head), sink_(sink) {}

    /// Writes the block of an entry with `size` bytes of data, which it reads from `bytes`.
    void data(int id, const Bytes& bytes, std::uint64_t size) const;
    /// Begins the block of an entry with large objects.
    void begin_large_objects(int id) const;
    /// Writes one large object with `size` bytes of data.
    void large_object(std::uint32_t oid, const Bytes& bytes, std::uint64_t size) const;
    /// Ends the block of large objects.
    void end_large_objects() const;

    /// The length in bytes of a block with this many bytes of data.
    std::uint64_t data_length(std::uint64_t size) const;
    /// The length in bytes of a block of large objects that is empty.
    std::uint64_t large_objects_length() const;
    /// How many bytes a large object of this size adds to it.
    std::uint64_t large_object_length(std::uint64_t size) const;

private:
    std::uint64_t number_length() const { return head_.number_size + 1; }
    std::uint64_t chunked_length(std::uint64_t size) const;
    void chunks(const Bytes& bytes, std::uint64_t size) const;

    const ArchiveHeader& head_;
    const Sink& sink_;
};

}  // namespace dump
