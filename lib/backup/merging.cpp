// An archive added to a database with contents: by one session, in one transaction.
#include "backup/merging.h"

#include <algorithm>
#include <string>

#include "backup/archive.h"
#include "backup/entry_rules.h"
#include "backup/intake.h"
#include "backup/pg_restore.h"
#include "error/error.h"

namespace backup {

namespace {

// The beginning of the archive, with the entries that are kept. The data behind it are found by
// their ids: pg_restore cannot seek in what it is sent, so that their places do not count.
std::string beginning_of(const Bytes& bytes, Rules& rules) {
    ArchiveReader archive{bytes};
    EntryRules keep{rules};
    std::string entries;
    std::size_t count = 0;
    while (auto entry = archive.next()) {
        if (!keep(*entry)) continue;
        entries += archive_entry(archive.head(), *entry);
        ++count;
    }
    return archive_head(archive.head(), count) + entries;
}

}  // namespace

void merge_archive(const Work& work) {
    if (work.head.format == Format::tar) {
        throw Error{"--merge takes custom and plain dumps, and this is a tar",
                    "Make it a plain one on the way: 'pg_restore --file - FILE | dokku "
                    "postgres:import " +
                        work.session.service().name + " --merge'.",
                    Exit::refused};
    }
    make_ready(work);
    Oversight oversight{work};
    Intake intake{[&] {
        oversight();
        return work.source.read();
    }};
    const std::string beginning = beginning_of(
        [&](char* into, std::size_t size) { return intake.take(into, size); }, work.rules);
    work.rules.check_roles(work.session.service().name);
    auto words = restore_words(work.replacement.name(), {.grants = work.how.grants});
    words.emplace_back("--single-transaction");
    Filling filling{work, work.replacement.tool(words), oversight};
    filling.give(beginning);
    constexpr auto all = std::string_view::npos;
    for (auto bytes = intake.view(all); !bytes.empty(); bytes = intake.view(all))
        filling.give(bytes);
    oversight.handed_over();
    filling.finish();
}

}  // namespace backup
