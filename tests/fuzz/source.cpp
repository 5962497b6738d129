// Packed streams: what was packed comes back, and what is no such stream ends in an Error.
#include "backup/source.h"

#include <sys/mman.h>
#include <unistd.h>
#include <zlib.h>
#include <zstd.h>

#include "fuzz.h"

namespace {

// A small input may stand for gigabytes of output.
constexpr std::size_t enough = 1024UL * 1024;

struct Unpacked {
    std::string text;
    bool whole = false;
};

Unpacked unpack(std::string_view bytes, bool look_first) {
    const int file = memfd_create("fuzz", MFD_CLOEXEC);
    fuzz::hold(file >= 0 &&
                   write(file, bytes.data(), bytes.size()) == static_cast<ssize_t>(bytes.size()) &&
                   lseek(file, 0, SEEK_SET) == 0,
               "a file to read from");
    Unpacked found;
    found.whole = fuzz::refusal([&] {
                      backup::Source source(file);
                      const std::string head(look_first ? source.head() : "");
                      while (found.text.size() < enough) {
                          const auto piece = source.read();
                          if (piece.empty()) break;
                          found.text += piece;
                      }
                      fuzz::hold(found.text.starts_with(head), "the head is what is read first");
                      fuzz::hold(source.taken() <= bytes.size(), "no more is taken than there is");
                  }).empty();
    close(file);
    return found;
}

std::string gzipped(std::string_view bytes) {
    z_stream stream{};
    fuzz::hold(deflateInit2(&stream, 1, Z_DEFLATED, 16 + MAX_WBITS, 8, Z_DEFAULT_STRATEGY) == Z_OK,
               "zlib");
    std::string out(deflateBound(&stream, bytes.size()) + 64, '\0');
    stream.next_in = reinterpret_cast<Bytef*>(const_cast<char*>(bytes.data()));
    stream.avail_in = static_cast<uInt>(bytes.size());
    stream.next_out = reinterpret_cast<Bytef*>(out.data());
    stream.avail_out = static_cast<uInt>(out.size());
    fuzz::hold(deflate(&stream, Z_FINISH) == Z_STREAM_END, "zlib packs");
    out.resize(stream.total_out);
    deflateEnd(&stream);
    return out;
}

std::string zstandard(std::string_view bytes) {
    std::string out(ZSTD_compressBound(bytes.size()), '\0');
    out.resize(ZSTD_compress(out.data(), out.size(), bytes.data(), bytes.size(), 1));
    return out;
}

void round_trip(std::string_view bytes) {
    const auto half = bytes.size() / 2;
    for (const auto pack : {gzipped, zstandard}) {
        const auto packed = pack(bytes.substr(0, half)) + pack(bytes.substr(half));
        const auto found = unpack(packed, false);
        fuzz::hold(found.whole && found.text == bytes, "what was packed comes back");
        const auto cut = unpack(std::string_view{packed}.substr(0, packed.size() - 1), true);
        fuzz::hold(!cut.whole, "a stream without its last byte is cut off");
    }
}

}  // namespace

void attack(std::string_view bytes) {
    const unsigned seed = fuzz::take_byte(bytes);
    if (seed % 8 == 0 && fuzz::is_one_in(16, bytes)) return round_trip(bytes);
    const auto found = unpack(bytes, seed % 2 == 1);
    if (!found.whole) return;
    const auto behind_first = bytes.substr(bytes.empty() ? 0 : 1);
    const bool packed = bytes.starts_with("\x1f\x8b") || behind_first.starts_with("\xb5\x2f\xfd") ||
                        behind_first.starts_with("\x2a\x4d\x18");
    fuzz::hold(packed || found.text == bytes, "what is not packed comes as it is");
}
