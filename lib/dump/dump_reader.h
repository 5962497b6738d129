// The bytes of a dump as they come from a descriptor, unpacked on the way.
#pragma once

#include <cstddef>
#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <string_view>

namespace dump {

/// Reads a stream to its end in bounded memory. A packed stream that is cut off or damaged is an
/// Error.
class DumpReader {
public:
    /// Reads the first bytes of a descriptor that stays the caller's. A block is how many bytes are
    /// read, and how many unpacked, at a time.
    explicit DumpReader(int descriptor, std::size_t block = 256UL * 1024);
    ~DumpReader();
    DumpReader(const DumpReader&) = delete;
    DumpReader& operator=(const DumpReader&) = delete;

    /// The first unpacked bytes: head_size of them unless there are fewer. Before the first read()
    /// only.
    std::string_view head();
    /// Whether there are so many unpacked bytes; they are kept until they are read. Before the
    /// first read() only.
    bool holds(std::size_t bytes);
    /// The next unpacked bytes, the head among them; empty at the end. Good until the next call.
    std::string_view read();
    /// What waits from now on until the descriptor, on which nothing is to be read, may have
    /// something.
    void wait_by(std::function<void(int descriptor)> wait);
    /// How many packed bytes were read so far.
    std::uint64_t taken() const;
    /// How many packed bytes there are to be read, where the descriptor is a file.
    std::optional<std::uint64_t> all() const { return all_; }

    struct Unpacking;

private:
    std::optional<std::uint64_t> all_;
    std::unique_ptr<Unpacking> unpacking_;
    std::string head_;
    bool ended_ = false;  // while the head was read
    bool head_given_ = false;
};

}  // namespace dump
