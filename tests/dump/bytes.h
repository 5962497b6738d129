// Dumps made byte by byte, for the tests of what looks at them.
#pragma once

#include <lz4frame.h>
#include <unistd.h>
#include <zlib.h>
#include <zstd.h>

#include <algorithm>
#include <cstdint>
#include <stdexcept>
#include <string>
#include <string_view>
#include <thread>
#include <vector>

#include "dump/archive.h"

namespace bytes {

/// A number as pg_dump writes it: its sign, then four bytes.
inline std::string number(long value) {
    std::string out(1, value < 0 ? '\1' : '\0');
    const auto size = static_cast<std::uint32_t>(value < 0 ? -value : value);
    for (int i = 0; i < 4; ++i) out += static_cast<char>((size >> (8 * i)) & 0xffU);
    return out;
}

inline std::string text(std::string_view value) {
    return number(static_cast<long>(value.size())) + std::string(value);
}

/// The head of an archive of that version (16 is 1.16), and something after it.
inline std::string archive(int version, const std::string& server, const std::string& tool,
                           char format = '\1') {
    std::string out = "PGDMP";
    out += '\1';
    out += static_cast<char>(version);
    out += '\0';
    out += '\4';
    out += '\10';
    out += format;
    out += version >= 15 ? std::string(1, '\2') : number(-1);
    for (int i = 0; i < 7; ++i) out += number(i);
    return out + text("shop") + text(server) + text(tool) + std::string(200, 'x');
}

/// A table of contents with these entries.
inline std::string table(const std::vector<dump::Entry>& entries,
                         dump::ArchiveFormat format = dump::ArchiveFormat::tar) {
    const dump::ArchiveHeader head{
        .version = 16, .format = format, .created = std::vector<int>(7, 0)};
    std::string out = dump::archive_header(head, entries.size());
    for (const auto& entry : entries) out += dump::archive_entry(head, entry);
    return out;
}

/// An entry whose rows lie in a file.
inline dump::Entry rows(int id) {
    return {.id = id, .has_data = true, .kind = "TABLE DATA", .file = std::to_string(id) + ".dat"};
}

/// An entry of large objects.
inline dump::Entry objects(int id) {
    auto entry = rows(id);
    entry.kind = "BLOBS";
    return entry;
}

inline std::string octal(std::uint64_t value, int width) {
    std::string digits(static_cast<std::size_t>(width), '0');
    for (auto at = digits.rbegin(); at != digits.rend(); ++at, value /= 8) {
        *at = static_cast<char>('0' + value % 8);
    }
    return digits;
}

/// A member of a tar archive.
inline std::string member(const std::string& name, const std::string& content) {
    std::string header(512, '\0');
    header.replace(0, name.size(), name);
    header.replace(124, 12, octal(content.size(), 11) + " ");
    header.replace(148, 8, std::string(8, ' '));
    header[156] = '0';
    header.replace(257, 5, "ustar");
    std::uint64_t sum = 0;
    for (const char c : header) sum += static_cast<unsigned char>(c);
    header.replace(148, 8, octal(sum, 6) + std::string("\0 ", 2));
    std::string body = content;
    body.resize((content.size() + 511) / 512 * 512, '\0');
    return header + body;
}

inline const std::string tar_end(1024, '\0');

inline std::string gzip(const std::string& plain) {
    z_stream stream = {};
    if (deflateInit2(&stream, 6, Z_DEFLATED, 16 + MAX_WBITS, 8, Z_DEFAULT_STRATEGY) != Z_OK) {
        throw std::runtime_error("deflateInit2");
    }
    std::string out(deflateBound(&stream, plain.size()) + 64, '\0');
    std::string in = plain;
    stream.next_in = reinterpret_cast<Bytef*>(in.data());
    stream.avail_in = static_cast<uInt>(in.size());
    stream.next_out = reinterpret_cast<Bytef*>(out.data());
    stream.avail_out = static_cast<uInt>(out.size());
    deflate(&stream, Z_FINISH);
    out.resize(stream.total_out);
    deflateEnd(&stream);
    return out;
}

inline std::string zstd(const std::string& plain) {
    std::string out(ZSTD_compressBound(plain.size()), '\0');
    out.resize(ZSTD_compress(out.data(), out.size(), plain.data(), plain.size(), 3));
    return out;
}

inline std::string zlib(const std::string& plain) {
    uLongf size = compressBound(plain.size());
    std::string out(size, '\0');
    if (::compress(reinterpret_cast<Bytef*>(out.data()), &size,
                   reinterpret_cast<const Bytef*>(plain.data()), plain.size()) != Z_OK)
        throw std::runtime_error("compress");
    out.resize(size);
    return out;
}

inline std::string lz4(const std::string& plain) {
    std::string out(LZ4F_compressFrameBound(plain.size(), nullptr), '\0');
    out.resize(LZ4F_compressFrame(out.data(), out.size(), plain.data(), plain.size(), nullptr));
    return out;
}

/// Gives at most so many bytes at a time, as a pipe may, and counts them in `taken`.
inline dump::Bytes from(std::string_view bytes, std::size_t& taken, std::size_t most = 7) {
    return [bytes, &taken, most](char* into, std::size_t size) {
        const auto count = bytes.substr(taken).copy(into, std::min(size, most));
        taken += count;
        return count;
    };
}

/// Bytes that come out of a pipe, in pieces of at most `piece`.
class Stream {
public:
    explicit Stream(std::string content, std::size_t piece = 65536) {
        int ends[2] = {-1, -1};
        if (::pipe(ends) != 0) throw std::runtime_error("pipe");
        in_ = ends[0];
        writer_ = std::thread([content = std::move(content), piece, out = ends[1]] {
            std::string_view rest = content;
            while (!rest.empty()) {
                const auto count = ::write(out, rest.data(), std::min(piece, rest.size()));
                if (count <= 0) break;
                rest.remove_prefix(static_cast<std::size_t>(count));
            }
            ::close(out);
        });
    }
    ~Stream() {
        // a writer whose bytes nobody wanted must not wait for ever
        char rest[65536];
        while (::read(in_, rest, sizeof rest) > 0) {
        }
        writer_.join();
        ::close(in_);
    }
    Stream(const Stream&) = delete;
    Stream& operator=(const Stream&) = delete;
    int in() const { return in_; }

private:
    int in_ = -1;
    std::thread writer_;
};

}  // namespace bytes
