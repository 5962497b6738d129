// The files of a dump's folder, sent as a stream, turned into one custom archive.
#pragma once

#include <cstdint>
#include <functional>

#include "dump/archive.h"
#include "dump/block_writer.h"
#include "error/error.h"

namespace dump {

/// What pass_folder() throws where the bytes end before all was sent.
struct CutOff {};

/// What is thrown for bytes that are no such stream.
Error not_understood();

/// Passes a folder's files on as one archive that says of every block where it stands; `tell_size`
/// is told how long it will be before its first byte comes. The stream is the table of contents,
/// the sizes and names of the files in its order up to an empty line, the table of contents again,
/// and the files: at most 500 sizes and names, an empty line, their bytes, and so on up to an empty
/// line. Throws CutOff, and Error for any other stream: what was passed on until then is good for
/// nothing.
void pass_folder(const Bytes& bytes, const std::function<void(std::uint64_t)>& tell_size,
                 const Sink& sink);

}  // namespace dump
