// Writes the data blocks of a custom archive, one after the other.
#include "dump/block_writer.h"

#include <algorithm>
#include <string>

namespace dump {

namespace {

constexpr std::size_t chunk = std::size_t{128} * 1024;

}  // namespace

void BlockWriter::data(int id, const Bytes& bytes, std::uint64_t size) const {
    sink_(block_header(head_, Block::data, id));
    chunks(bytes, size);
}

void BlockWriter::begin_large_objects(int id) const {
    sink_(block_header(head_, Block::large_objects, id));
}

void BlockWriter::large_object(std::uint32_t oid, const Bytes& bytes, std::uint64_t size) const {
    // an oid is unsigned, a number in an archive is signed
    sink_(archive_number(head_, static_cast<std::int32_t>(oid)));
    chunks(bytes, size);
}

void BlockWriter::end_large_objects() const { sink_(archive_number(head_, 0)); }

void BlockWriter::chunks(const Bytes& bytes, std::uint64_t size) const {
    while (size > 0) {
        const auto count = std::min<std::uint64_t>(size, chunk);
        std::string out = archive_number(head_, static_cast<long>(count));
        const std::size_t begin = out.size();
        out.resize(begin + count);
        for (std::size_t at = begin; at < out.size();)
            at += bytes(out.data() + at, out.size() - at);
        sink_(out);
        size -= count;
    }
    sink_(archive_number(head_, 0));
}

std::uint64_t BlockWriter::chunked_length(std::uint64_t size) const {
    return size + ((size + chunk - 1) / chunk + 1) * number_length();
}

std::uint64_t BlockWriter::data_length(std::uint64_t size) const {
    return 1 + number_length() + chunked_length(size);
}

std::uint64_t BlockWriter::large_objects_length() const { return 1 + 2 * number_length(); }

std::uint64_t BlockWriter::large_object_length(std::uint64_t size) const {
    return number_length() + chunked_length(size);
}

}  // namespace dump
