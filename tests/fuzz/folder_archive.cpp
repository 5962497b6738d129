// The files of a folder: whatever a stream holds, it is refused, or what comes of it is an archive
// whose blocks stand where its table of contents says. No size in it makes that larger than it is.
#include "dump/folder_archive.h"

#include <optional>

#include "dump/bytes.h"
#include "dump/custom.h"
#include "fuzz.h"

namespace {

struct Outcome {
    std::string refused;
    std::string passed;
    std::optional<std::uint64_t> told;
    std::size_t taken = 0;
};

Outcome archive(std::string_view bytes, std::size_t most) {
    Outcome outcome;
    try {
        outcome.refused = fuzz::refusal([&] {
            dump::pass_folder(
                bytes::from(bytes, outcome.taken, most),
                [&](std::uint64_t size) {
                    fuzz::hold(!outcome.told, "a length is told once");
                    outcome.told = size;
                },
                [&](std::string_view part) {
                    fuzz::hold(outcome.told.has_value(), "a length is told before the first byte");
                    outcome.passed += part;
                });
        });
    } catch (const dump::CutOff&) {
        fuzz::hold(outcome.taken == bytes.size(), "what is cut off is read to its end");
        outcome.refused = "cut off";
    }
    return outcome;
}

// A right length and the same table of contents twice are seldom met by chance: given are two bytes
// that say how long the table is, the table, the list of the files up to an empty line, and the
// rest. `again` sends the list before the rest as well.
std::string stream_of(std::string_view bytes, bool again) {
    const std::size_t low = fuzz::take_byte(bytes);
    const std::string table(bytes.substr(0, low + 256U * fuzz::take_byte(bytes)));
    bytes.remove_prefix(table.size());
    const std::string sent = std::to_string(table.size()) + "\n" + table;
    const auto empty = bytes.find("\n\n");
    const std::string list(bytes.substr(0, empty == std::string_view::npos ? empty : empty + 2));
    bytes.remove_prefix(list.size());
    return sent + list + sent + (again ? list : "") + std::string(bytes);
}

void check_blocks(const std::string& bytes) {
    const custom::Custom custom{bytes};
    fuzz::hold(custom.head.format == dump::ArchiveFormat::custom, "a custom archive");
    auto block = custom.blocks.begin();
    for (const auto& entry : custom.entries) {
        if (entry.position.state == dump::DataOffset::State::no_data) continue;
        fuzz::hold(entry.position.state == dump::DataOffset::State::yes, "every place is known");
        fuzz::hold(block != custom.blocks.end(), "every entry has its block");
        fuzz::hold(block->id == entry.id && block->place == entry.position.offset &&
                       block->large_objects == (entry.kind == "BLOBS"),
                   "a block stands where the table of contents says");
        ++block;
    }
    fuzz::hold(block == custom.blocks.end(), "every block has its entry");
}

}  // namespace

void attack(std::string_view bytes) {
    const unsigned seed = fuzz::take_byte(bytes);
    const std::string stream = seed % 4 == 0 ? std::string(bytes) : stream_of(bytes, seed % 2 == 1);
    const Outcome whole = archive(stream, stream.size());
    if (fuzz::is_one_in(4, bytes)) {
        const Outcome pieces = archive(stream, 1 + seed / 4 % 9);
        fuzz::hold(whole.refused == pieces.refused && whole.passed == pieces.passed &&
                       whole.told == pieces.told,
                   "one outcome for every way of cutting");
    }
    fuzz::hold(whole.passed.size() <= 2 * stream.size(), "no byte is passed on that did not come");
    if (!whole.refused.empty()) return;
    fuzz::hold(whole.told == whole.passed.size(), "as long as was told");
    check_blocks(whole.passed);
}
