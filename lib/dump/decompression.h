// Decompresses streams piece by piece.
#pragma once

#include <cstddef>
#include <memory>
#include <string>
#include <string_view>

#include "error/error.h"

namespace dump {

/// Decompresses one stream after the other. Throws Error if a stream is damaged.
class Decompressor {
public:
    Decompressor() = default;
    virtual ~Decompressor() = default;
    Decompressor(const Decompressor&) = delete;
    Decompressor& operator=(const Decompressor&) = delete;

    /// The name of the method: `gzip`.
    virtual const char* name() const = 0;
    /// Begins a new stream.
    virtual void reset() = 0;
    /// Decompresses from `in`, from which it removes what it has read, into `out` with room for
    /// `size` bytes. Returns how many bytes it wrote; if that is `size`, more may follow without
    /// further input.
    virtual std::size_t decompress(std::string_view& in, char* out, std::size_t size) = 0;
    /// Whether the stream has ended.
    virtual bool ended() const = 0;
};

/// For gzip files.
std::unique_ptr<Decompressor> gzip_decompressor();
/// For zlib streams, which archives of pg_dump have as gzip.
std::unique_ptr<Decompressor> zlib_decompressor();
/// For zstd files and streams in archives.
std::unique_ptr<Decompressor> zstd_decompressor();
/// For lz4 frames in archives.
std::unique_ptr<Decompressor> lz4_decompressor();

/// The Error for a stream that is cut off.
Error cut_off_stream(const std::string& name);
/// The Error for a stream that cannot be decompressed.
Error damaged_stream(const std::string& name, const std::string& reason);

}  // namespace dump
