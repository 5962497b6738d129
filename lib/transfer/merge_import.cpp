// Adds an archive to a database with contents, by one session in one transaction.
#include "transfer/merge_import.h"

#include <algorithm>
#include <string>

#include "dump/archive.h"
#include "dump/block_buffer.h"
#include "error/error.h"
#include "transfer/entry_rules.h"
#include "transfer/pg_restore.h"

namespace transfer {

namespace {

// The beginning of the archive with the entries that are kept. pg_restore cannot seek in its input
// and finds the data by their ids, so positions do not matter.
std::string beginning_of(const dump::Bytes& bytes, StatementRules& rules) {
    dump::ArchiveReader archive{bytes};
    EntryRules keep{rules};
    std::string entries;
    std::size_t count = 0;
    while (auto entry = archive.next()) {
        if (!keep(*entry)) continue;
        entries += dump::archive_entry(archive.head(), *entry);
        ++count;
    }
    return dump::archive_header(archive.head(), count) + entries;
}

}  // namespace

void merge_archive(const ImportJob& work) {
    if (work.head.format == dump::Format::tar) {
        throw Error{"--merge takes custom and plain dumps, and this is a tar",
                    "Convert it to a plain one: 'pg_restore --file - FILE | dokku "
                    "postgres:import " +
                        work.session.service().name + " --merge'.",
                    Exit::refused};
    }
    make_ready(work);
    ImportMonitor monitor{work};
    dump::BlockBuffer intake{[&] {
        monitor();
        return work.source.read();
    }};
    const std::string beginning = beginning_of(
        [&](char* into, std::size_t size) { return intake.take(into, size); }, work.rules);
    work.rules.check_roles(work.session.service().name);
    auto words = restore_words(work.staging.name(), {.grants = work.how.grants});
    words.emplace_back("--single-transaction");
    ImportTool filling{work, work.staging.tool(words), monitor};
    filling.give(beginning);
    constexpr auto all = std::string_view::npos;
    for (auto bytes = intake.view(all); !bytes.empty(); bytes = intake.view(all))
        filling.give(bytes);
    monitor.handed_over();
    filling.finish();
}

}  // namespace transfer
