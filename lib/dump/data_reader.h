// Reads the data of an archive, which follow its table of contents.
#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <string_view>

#include "dump/block_buffer.h"
#include "dump/table_of_contents.h"
#include "dump/tar.h"

namespace dump {

/// The data of an entry, or of one large object in it.
struct Part {
    const Data* of = nullptr;
    // Nothing: the data of the entry, or the beginning of its large objects.
    std::optional<std::uint32_t> large_object = {};
};

/// Reads all parts one after the other, decompressed. Throws Error if the archive is cut off or
/// damaged, or does not have the data of its table of contents.
class DataReader {
public:
    DataReader() = default;
    virtual ~DataReader() = default;
    DataReader(const DataReader&) = delete;
    DataReader& operator=(const DataReader&) = delete;

    /// The next part; skips unread bytes of the one before. Nothing after the last.
    virtual std::optional<Part> next() = 0;
    /// The next bytes of the part, valid until the next call; empty at its end.
    virtual std::string_view read() = 0;
};

/// A reader for a custom archive. Keeps references to its arguments, and reads nothing after the
/// last part.
std::unique_ptr<DataReader> custom_data(BlockBuffer& intake, const TableOfContents& contents);

/// Reads the first member of a tar archive, its table of contents. Throws Error.
TableOfContents tar_contents(TarReader& tar, const EntryFilter& keep);
/// A reader for a tar archive whose table of contents was read. Keeps references to its arguments.
std::unique_ptr<DataReader> tar_data(TarReader& tar, const TableOfContents& contents);

}  // namespace dump
