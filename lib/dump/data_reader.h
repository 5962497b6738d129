// The data of an archive, which follow its table of contents.
#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <string_view>

#include "dump/block_buffer.h"
#include "dump/table_of_contents.h"
#include "dump/tar.h"

namespace dump {

/// The data of an entry, or of one large object of its.
struct Part {
    const Data* of = nullptr;
    // Without one it is all that the entry has, or where its large objects begin.
    std::optional<std::uint32_t> large_object = {};
};

/// Reads them one after the other, unpacked. Throws Error where the archive is cut off, damaged, or
/// has not what its table of contents tells of.
class DataReader {
public:
    DataReader() = default;
    virtual ~DataReader() = default;
    DataReader(const DataReader&) = delete;
    DataReader& operator=(const DataReader&) = delete;

    /// The next part, past what nobody read of the one before; nothing when all have come.
    virtual std::optional<Part> next() = 0;
    /// The next bytes of the part, good until the next call; empty at its end.
    virtual std::string_view read() = 0;
};

/// Those of a custom archive. What is given stays the caller's; what stands behind the last part is
/// not read.
std::unique_ptr<DataReader> custom_data(BlockBuffer& intake, const TableOfContents& contents);

/// Reads the first member of a tar, its table of contents.
TableOfContents tar_contents(TarReader& tar, const Keep& keep);
/// Those of a tar archive whose table of contents was read.
std::unique_ptr<DataReader> tar_data(TarReader& tar, const TableOfContents& contents);

}  // namespace dump
