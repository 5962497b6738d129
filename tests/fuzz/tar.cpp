// Tar archives: the verdict does not depend on how the stream is cut.
#include "backup/tar.h"

#include <array>

#include "fuzz.h"

namespace {

// Only a right sum lets the rest of a header be read.
void put_sums_right(std::string& archive) {
    constexpr std::size_t block = 512;
    constexpr std::size_t sum_at = 148;
    constexpr std::size_t sum_length = 8;
    for (std::size_t at = 0; at + block <= archive.size(); at += block) {
        const std::string_view header{archive.data() + at, block};
        if (header.find_first_not_of('\0') == std::string_view::npos) continue;
        unsigned sum = sum_length * ' ';
        for (std::size_t i = 0; i < block; ++i)
            if (i < sum_at || i >= sum_at + sum_length)
                sum += static_cast<unsigned char>(header[i]);
        std::array<char, sum_length + 1> text{};
        static_cast<void>(std::snprintf(text.data(), text.size(), "%07o", sum));
        archive.replace(at + sum_at, sum_length, text.data(), sum_length);
    }
}

}  // namespace

void attack(std::string_view bytes) {
    const unsigned seed = fuzz::take_byte(bytes);
    std::string archive(bytes);
    if (seed % 2 == 1) put_sums_right(archive);
    const std::string whole = fuzz::refusal([&] {
        backup::Tar tar;
        tar.feed(archive);
        tar.finish();
    });
    const std::string pieces = fuzz::refusal([&] {
        backup::Tar tar;
        fuzz::in_pieces(archive, seed, [&](std::string_view piece) { tar.feed(piece); });
        tar.finish();
    });
    fuzz::hold(whole == pieces, "one verdict for every way of cutting");
}
