// Detects the format of a dump by its first bytes.
#pragma once

#include <cstddef>
#include <optional>
#include <string_view>

#include "dump/archive.h"
#include "dump/utf16.h"

namespace dump {

/// The hint for a damaged dump.
inline constexpr const char* make_it_again = "Make the dump again, and copy it whole.";

/// How many bytes look_at() needs, unless the dump is shorter.
inline constexpr std::size_t head_size = 4096;

/// The compression of a whole dump.
enum class Wrapper { none, gzip, zstd };
/// Detects it by the first bytes. Throws Error for a known compression that we do not support (xz,
/// bzip2, lz4, zip).
Wrapper wrapper_of(std::string_view head);

/// The formats of pg_dump that fit into a stream.
enum class Format { custom, tar, plain };

/// What the first bytes of a decompressed dump show.
struct Head {
    Format format = Format::plain;
    std::optional<ArchiveHeader> archive = {};  // of a custom archive, or of toc.dat in a tar
    Encoding encoding = Encoding::utf8;         // of a plain one
};

/// Detects the format by the first bytes of a decompressed dump. Throws Error if it is empty, cut
/// off or unknown.
Head look_at(std::string_view head);

/// Throws Error with a hint unless both pg_restore of this major and we can read the archive.
void check_readable(const Head& head, int major);

}  // namespace dump
