// Archives: what is read of one does not depend on how the stream is cut, and the tables of
// contents that are sent on have every entry that is to be made.
#include "dump/archive.h"

#include "dump/bytes.h"
#include "dump/data_reader.h"
#include "dump/table_of_contents.h"
#include "fuzz.h"
#include "transfer/entry_rules.h"

namespace {

// A small input may stand for gigabytes of rows.
constexpr std::size_t enough = 64UL * 1024;

struct Outcome {
    std::string refused;
    std::string read;  // the tables of contents, then the data
    std::size_t entries = 0;
    std::size_t written = 0;  // entries of those tables
};

std::size_t entries_of(const std::string& archive) {
    if (archive.empty()) return 0;
    std::size_t taken = 0;
    dump::ArchiveReader reader{bytes::from(archive, taken, archive.size())};
    fuzz::hold(reader.head().format == dump::ArchiveFormat::custom, "a custom archive");
    std::size_t entries = 0;
    while (const auto entry = reader.next()) {
        const bool is_setting =
            entry->kind == "ENCODING" || entry->kind == "STDSTRINGS" || entry->kind == "SEARCHPATH";
        if (!is_setting && !entry->has_data) ++entries;
    }
    fuzz::hold(taken == archive.size(), "nothing behind it");
    return entries;
}

void read_data(dump::DataReader& data, Outcome& outcome) {
    for (auto part = data.next(); part && outcome.read.size() < enough; part = data.next()) {
        outcome.read += "|" + std::to_string(part->of->entry.id) + "|";
        for (auto bytes = data.read(); !bytes.empty() && outcome.read.size() < enough;
             bytes = data.read())
            outcome.read += bytes;
    }
}

Outcome read(std::string_view archive, std::size_t most) {
    Outcome outcome;
    dump::BlockBuffer intake{[&] {
        const auto some = archive.substr(0, most);
        archive.remove_prefix(some.size());
        return some;
    }};
    transfer::StatementRules rules{{.roles = {"a"}, .extensions = {"a"}, .schemas = {"public"}},
                                   {}};
    transfer::EntryRules keep{rules};
    outcome.refused = fuzz::refusal([&] {
        const dump::TableOfContents contents{
            [&](char* into, std::size_t size) { return intake.take(into, size); },
            [&](dump::Entry& entry) {
                const bool is_setting = entry.kind == "ENCODING" || entry.kind == "STDSTRINGS" ||
                                        entry.kind == "SEARCHPATH";
                const bool kept = keep(entry);
                if (kept && !is_setting && !entry.has_data) ++outcome.entries;
                return kept;
            }};
        outcome.written = entries_of(contents.before()) + entries_of(contents.after());
        outcome.read = contents.before() + contents.after() + contents.for_tool();
        read_data(*dump::custom_data(intake, contents), outcome);
    });
    outcome.read.resize(std::min(outcome.read.size(), enough));
    return outcome;
}

}  // namespace

void attack(std::string_view bytes) {
    const std::size_t most = 1 + fuzz::take_byte(bytes) % 9;
    const Outcome whole = read(bytes, bytes.size() + 1);
    const Outcome pieces = read(bytes, most);
    fuzz::hold(whole.refused == pieces.refused && whole.read == pieces.read,
               "one outcome for every way of cutting");
    if (whole.refused.empty())
        fuzz::hold(whole.written == whole.entries, "every entry that is kept is made");
}
