// The archive that an import is given: its table of contents and its data.
#include "transfer/archive_input.h"

#include "transfer/entry_rules.h"

namespace transfer {

namespace {

dump::TableOfContents contents_of(const ImportJob& work, const dump::Bytes& bytes,
                                  dump::TarReader& tar) {
    EntryRules rules{work.rules};
    const dump::EntryFilter keep = [&rules](dump::Entry& entry) { return rules(entry); };
    return work.head.format == dump::Format::tar ? dump::tar_contents(tar, keep)
                                                 : dump::TableOfContents{bytes, keep};
}

}  // namespace

ArchiveInput::ArchiveInput(const ImportJob& work, const ImportMonitor& monitor)
    : work_(work),
      intake_([&work, &monitor] {
          monitor();
          return work.source.read();
      }),
      bytes_([this](char* into, std::size_t size) { return intake_.take(into, size); }),
      tar_(bytes_),
      contents_(contents_of(work, bytes_, tar_)) {}

std::unique_ptr<dump::DataReader> ArchiveInput::data() {
    return work_.head.format == dump::Format::tar ? dump::tar_data(tar_, contents_)
                                                  : dump::custom_data(intake_, contents_);
}

void ArchiveInput::read_rest() {
    while (!intake_.view(std::string_view::npos).empty()) continue;
}

}  // namespace transfer
