// Tar archives turned into custom ones: the outcome does not depend on how the stream is cut, and
// what comes out is an archive with as many entries.
#include <array>

#include "backup/bytes.h"
#include "backup/conversion.h"
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

struct Outcome {
    std::string refused;
    std::string passed;
    std::size_t taken = 0;
    std::size_t entries = 0;
};

Outcome convert(std::string_view bytes, std::size_t most) {
    Outcome outcome;
    outcome.refused = fuzz::refusal([&] {
        backup::pass_as_custom(
            bytes::from(bytes, outcome.taken, most), [&](backup::Entry&) { ++outcome.entries; },
            [&](std::string_view part) { outcome.passed += part; });
    });
    return outcome;
}

std::size_t entries_of(std::string_view bytes) {
    std::size_t taken = 0;
    backup::ArchiveReader reader{bytes::from(bytes, taken, bytes.size())};
    fuzz::hold(reader.head().layout == backup::Layout::custom, "a custom archive");
    std::size_t entries = 0;
    while (const auto entry = reader.next()) {
        const bool has_file = entry->place.known == backup::Place::Known::no;
        fuzz::hold(has_file || entry->place.known == backup::Place::Known::no_data, "no offsets");
        ++entries;
    }
    return entries;
}

}  // namespace

void attack(std::string_view bytes) {
    const unsigned seed = fuzz::take_byte(bytes);
    std::string archive(bytes);
    if (seed % 2 == 1) put_sums_right(archive);
    const Outcome whole = convert(archive, archive.size());
    const Outcome pieces = convert(archive, 1 + seed % 9);
    fuzz::hold(whole.refused == pieces.refused && whole.passed == pieces.passed &&
                   whole.taken == pieces.taken,
               "one outcome for every way of cutting");
    if (!whole.refused.empty()) return;
    fuzz::hold(entries_of(whole.passed) == whole.entries, "what passed is an archive");
}
