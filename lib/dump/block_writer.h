// The blocks of data in a custom archive, written one behind the other.
#pragma once

#include <cstdint>
#include <functional>
#include <string_view>

#include "dump/archive.h"

namespace dump {

/// Takes the next bytes of an archive.
using Sink = std::function<void(std::string_view)>;

/// Writes the blocks that stand behind the table of contents, a chunk in memory at a time.
class BlockWriter {
public:
    /// Head and sink stay the caller's; the head counts from the first call on.
    BlockWriter(const ArchiveHead& head, const Sink& sink) : head_(head), sink_(sink) {}

    /// The block of an entry with so many bytes of data, which `bytes` gives or throws.
    void data(int id, const Bytes& bytes, std::uint64_t size) const;
    /// Begins the block of an entry that holds large objects.
    void begin_large_objects(int id) const;
    /// One of them, its bytes as those of data().
    void large_object(std::uint32_t oid, const Bytes& bytes, std::uint64_t size) const;
    void end_large_objects() const;

    /// How long a block is that holds so many bytes of data.
    std::uint64_t data_length(std::uint64_t size) const;
    /// How long a block of large objects is without any.
    std::uint64_t large_objects_length() const;
    /// What an object of that size adds to it.
    std::uint64_t large_object_length(std::uint64_t size) const;

private:
    std::uint64_t number_length() const { return head_.number_size + 1; }
    std::uint64_t chunked_length(std::uint64_t size) const;
    void chunks(const Bytes& bytes, std::uint64_t size) const;

    const ArchiveHead& head_;
    const Sink& sink_;
};

}  // namespace dump
