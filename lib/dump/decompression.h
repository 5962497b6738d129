// Packed streams, unpacked piece by piece.
#pragma once

#include <cstddef>
#include <memory>
#include <string>
#include <string_view>

#include "error/error.h"

namespace dump {

/// Unpacks one stream after the other. What is damaged is an Error.
class Unpacker {
public:
    Unpacker() = default;
    virtual ~Unpacker() = default;
    Unpacker(const Unpacker&) = delete;
    Unpacker& operator=(const Unpacker&) = delete;

    /// What packs so: `gzip`.
    virtual const char* name() const = 0;
    /// Begins another stream.
    virtual void reset() = 0;
    /// Takes off `in` what it can unpack into `out`, which has room for `size` bytes; returns how
    /// many it wrote. As many as there was room for: it may hold more.
    virtual std::size_t unpack(std::string_view& in, char* out, std::size_t size) = 0;
    /// Whether the stream came to its end.
    virtual bool ended() const = 0;
};

/// The streams of gzip.
std::unique_ptr<Unpacker> gzip_unpacker();
/// Those of zlib, which gzip in an archive of pg_dump is.
std::unique_ptr<Unpacker> zlib_unpacker();
std::unique_ptr<Unpacker> zstd_unpacker();
std::unique_ptr<Unpacker> lz4_unpacker();

/// What is thrown for a stream that is cut off.
Error cut_off_stream(const std::string& name);
/// What is thrown for one that cannot be unpacked.
Error damaged_stream(const std::string& name, const std::string& reason);

}  // namespace dump
