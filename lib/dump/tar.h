// Reads the members of a tar archive from a stream.
#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <utility>

#include "dump/archive.h"
#include "error/error.h"

namespace dump {

/// The header of a member.
struct Member {
    std::string name;
    std::uint64_t size = 0;
};

/// Reads a ustar stream, one member after the other. Throws Error if the archive is cut off or
/// damaged.
class TarReader {
public:
    explicit TarReader(Bytes bytes) : bytes_(std::move(bytes)) {}

    /// The next member; skips unread bytes of the one before. Nothing at the end of the archive,
    /// which is two empty blocks.
    std::optional<Member> next();
    /// Reads up to `size` bytes of the member; 0 at its end.
    std::size_t read(char* into, std::size_t size);
    /// How many bytes of the member are left.
    std::uint64_t left() const { return left_; }

private:
    bool take_header();
    void take_padding();
    void take(char* into, std::size_t size);

    Bytes bytes_;
    std::string header_;
    std::uint64_t left_ = 0;
    std::size_t padding_ = 0;  // up to the next block
};

/// The Error for a damaged archive.
Error damaged_tar(const std::string& what);

}  // namespace dump
