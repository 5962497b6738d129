// What a dump is: told by its first bytes, before anything is changed for it.
#pragma once

#include <cstddef>
#include <optional>
#include <string_view>

#include "dump/archive.h"
#include "dump/utf16.h"

namespace dump {

/// The way on where a dump is damaged.
inline constexpr const char* make_it_again = "Make the dump again, and copy it whole.";

/// How many bytes `look_at` wants to see of a dump that has so many.
inline constexpr std::size_t head_size = 4096;

/// What may wrap a dump.
enum class Wrapper { none, gzip, zstd };
/// Told by the first bytes; throws Error for a wrapping that we know and do not unwrap (xz, bzip2,
/// lz4, zip).
Wrapper wrapper_of(std::string_view head);

/// The three forms of pg_dump that travel in a stream.
enum class Format { custom, tar, plain };

/// What the head of an unwrapped dump tells.
struct Head {
    Format format = Format::plain;
    std::optional<ArchiveHead> archive = {};  // custom, or the toc.dat of a tar
    Encoding encoding = Encoding::utf8;       // of a plain one
};

/// Takes the first bytes of an unwrapped dump apart; throws Error when it is empty, cut off or
/// nothing we know.
Head look_at(std::string_view head);

/// Throws Error, with what to do, unless pg_restore of that major and we read the archive.
void check_readable(const Head& head, int major);

}  // namespace dump
