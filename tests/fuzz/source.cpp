// Packed streams: what was packed comes back, and what is no such stream ends in an Error.
#include "dump/dump_reader.h"

#include <sys/mman.h>
#include <unistd.h>
#include <zlib.h>
#include <zstd.h>

#include "fuzz.h"

namespace {

// A small input may stand for gigabytes of output.
constexpr std::size_t enough = 64UL * 1024;

struct Unpacked {
    std::string text;
    bool whole = false;
};

// Blocks so small that an input has many.
Unpacked unpack(std::string_view bytes, bool look_first, std::size_t block) {
    static const int file = memfd_create("fuzz", MFD_CLOEXEC);
    const auto size = static_cast<ssize_t>(bytes.size());
    fuzz::hold(file >= 0 && ftruncate(file, size) == 0 &&
                   pwrite(file, bytes.data(), bytes.size(), 0) == size &&
                   lseek(file, 0, SEEK_SET) == 0,
               "a file to read from");
    Unpacked found;
    found.whole = fuzz::refusal([&] {
                      dump::DumpReader source(file, block);
                      const std::string head(look_first ? source.head() : "");
                      while (found.text.size() < enough) {
                          const auto piece = source.read();
                          if (piece.empty()) break;
                          found.text += piece;
                      }
                      fuzz::hold(found.text.starts_with(head), "the head is what is read first");
                      fuzz::hold(source.taken() <= bytes.size(), "no more is taken than there is");
                  }).empty();
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

void round_trip(std::string_view bytes, std::size_t block) {
    const auto half = bytes.size() / 2;
    for (const auto pack : {gzipped, zstandard}) {
        const auto packed = pack(bytes.substr(0, half)) + pack(bytes.substr(half));
        const auto found = unpack(packed, false, block);
        fuzz::hold(found.whole && found.text == bytes, "what was packed comes back");
        const auto cut = unpack(std::string_view{packed}.substr(0, packed.size() - 1), true, block);
        fuzz::hold(!cut.whole, "a stream without its last byte is cut off");
    }
}

// A frame may ask for a window of 128 MB, and the pages of one take longer than all else that is
// attacked here: all but one in 16 ask for 128 kB at most (RFC 8878, 3.1.1.1).
std::string with_small_window(std::string bytes) {
    constexpr std::size_t descriptor = 4;
    constexpr unsigned char single_segment = 0x20;
    if (!bytes.starts_with("\x28\xb5\x2f\xfd") || bytes.size() < descriptor + 2 ||
        fuzz::is_one_in(16, bytes))
        return bytes;
    bytes[descriptor] = static_cast<char>(bytes[descriptor] & 0x7f);  // a size of two bytes at most
    if ((bytes[descriptor] & single_segment) == 0)
        bytes[descriptor + 1] = static_cast<char>(bytes[descriptor + 1] & 0x3f);
    return bytes;
}

}  // namespace

void attack(std::string_view input) {
    const unsigned seed = fuzz::take_byte(input);
    const std::size_t block = 8U << seed / 8 % 8;
    if (seed % 8 == 0 && fuzz::is_one_in(16, input)) return round_trip(input, block);
    const std::string bytes = with_small_window(std::string{input});
    const auto found = unpack(bytes, seed % 2 == 1, block);
    if (!found.whole) return;
    const auto behind_first = std::string_view{bytes}.substr(bytes.empty() ? 0 : 1);
    const bool packed = bytes.starts_with("\x1f\x8b") || behind_first.starts_with("\xb5\x2f\xfd") ||
                        behind_first.starts_with("\x2a\x4d\x18");
    fuzz::hold(packed || found.text == bytes, "what is not packed comes as it is");
}
