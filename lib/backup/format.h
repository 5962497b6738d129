// What a dump is: told by its first bytes, before anything is changed for it.
#pragma once

#include <cstddef>
#include <optional>
#include <string>
#include <string_view>

namespace backup {

/// How many bytes `look_at` wants to see of a dump that has so many.
inline constexpr std::size_t head_size = 4096;

/// What may wrap a dump.
enum class Wrapping { none, gzip, zstd };
/// Told by the first bytes; throws Error for a wrapping that we know and do not unwrap (xz, bzip2,
/// lz4, zip).
Wrapping wrapping_of(std::string_view head);

/// The three forms of pg_dump that travel in a stream.
enum class Format { custom, tar, plain };

/// What an archive of pg_dump (custom, or the toc.dat of a tar) says of itself.
struct Archive {
    int version = 0;            // 1.16 is 16
    std::string database = {};  // the name it was dumped from
    std::string server = {};    // `17.6`
    std::string tool = {};      // `17.6 (Debian ..)`: pg_dump's own version
};

/// What the head of an unwrapped dump tells.
struct Head {
    Format format = Format::plain;
    std::optional<Archive> archive = {};
};

/// Takes the first bytes of an unwrapped dump apart; throws Error when it is empty, cut off or
/// nothing we know.
Head look_at(std::string_view head);

/// Throws Error, with what to do, unless pg_restore of that major reads the archive, and we a tar.
void check_readable(const Head& head, int major);

}  // namespace backup
