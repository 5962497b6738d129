// The archive that an import is given: its table of contents and its data.
#pragma once

#include <memory>

#include "dump/block_buffer.h"
#include "dump/data_reader.h"
#include "dump/table_of_contents.h"
#include "dump/tar.h"
#include "transfer/import_job.h"

namespace transfer {

/// Reads a custom or tar archive as it arrives; what the rules leave out is not in its contents.
class ArchiveInput {
public:
    ArchiveInput(const ImportJob& work, const ImportMonitor& monitor);

    dump::TableOfContents& contents() { return contents_; }
    const dump::TableOfContents& contents() const { return contents_; }
    std::unique_ptr<dump::DataReader> data();
    /// Reads what stands behind the data.
    void read_rest();

private:
    const ImportJob& work_;
    dump::BlockBuffer intake_;
    dump::Bytes bytes_;
    dump::TarReader tar_;
    dump::TableOfContents contents_;
};

}  // namespace transfer
