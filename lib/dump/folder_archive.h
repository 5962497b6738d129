// Turns a directory archive, sent as a stream, into one custom archive.
#pragma once

#include <cstdint>
#include <functional>

#include "dump/archive.h"
#include "dump/block_writer.h"
#include "error/error.h"

namespace dump {

/// Thrown by pass_folder() if the stream ends too early.
struct CutOff {};

/// The Error for a stream that does not have this format.
Error not_understood();

/// Writes the files of a directory archive as one custom archive, in which each entry has the
/// position of its data. Calls `tell_size` with the archive's size before its first byte. The
/// stream is the table of contents; sizes and names of the files in its order up to an empty line;
/// the table of contents again; and the files, in batches of at most 500: sizes and names, an empty
/// line, their bytes; the last batch is empty. Throws CutOff, or Error for any other format: then
/// the output is not valid.
void pass_folder(const Bytes& bytes, const std::function<void(std::uint64_t)>& tell_size,
                 const Sink& sink);

}  // namespace dump
