// Tar archives: what is read of one does not depend on how the stream is cut.
#include <array>

#include "dump/bytes.h"
#include "dump/data_reader.h"
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
    std::string read;
    std::size_t taken = 0;
};

Outcome read(std::string_view bytes, std::size_t most) {
    Outcome outcome;
    outcome.refused = fuzz::refusal([&] {
        dump::TarReader tar{bytes::from(bytes, outcome.taken, most)};
        const auto contents = dump::tar_contents(tar, [](dump::Entry&) { return true; });
        const auto data = dump::tar_data(tar, contents);
        for (auto part = data->next(); part; part = data->next()) {
            outcome.read += "|" + std::to_string(part->of->entry.id) + "|";
            for (auto some = data->read(); !some.empty(); some = data->read()) outcome.read += some;
        }
    });
    return outcome;
}

}  // namespace

void attack(std::string_view bytes) {
    const unsigned seed = fuzz::take_byte(bytes);
    std::string archive(bytes);
    if (seed % 2 == 1) put_sums_right(archive);
    const Outcome whole = read(archive, archive.size());
    const Outcome pieces = read(archive, 1 + seed % 9);
    fuzz::hold(whole.refused == pieces.refused && whole.read == pieces.read &&
                   whole.taken == pieces.taken,
               "one outcome for every way of cutting");
}
