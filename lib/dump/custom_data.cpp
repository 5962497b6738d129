// The data of a custom archive: blocks of chunks, each block compressed by itself.
#include <set>
#include <vector>

#include "dump/data_reader.h"
#include "dump/decompression.h"
#include "dump/format.h"
#include "error/error.h"
#include "host/log.h"

namespace dump {

namespace {

constexpr std::size_t block_size = std::size_t{128} * 1024;

Error damaged(const std::string& what) {
    return Error{"the archive is damaged: " + what, make_it_again};
}

std::string name_of(const Data& data) {
    const Entry& entry = data.entry;
    return host::printable(entry.kind.value_or("") + " " +
                           (entry.schema ? *entry.schema + "." : "") + entry.tag.value_or(""));
}

std::unique_ptr<Decompressor> decompressor_of(const ArchiveHeader& head) {
    switch (compression_of(head)) {
        case Compression::none:
            break;
        case Compression::gzip:
            return zlib_decompressor();
        case Compression::lz4:
            return lz4_decompressor();
        case Compression::zstd:
            return zstd_decompressor();
    }
    return {};
}

class CustomData final : public DataReader {
public:
    CustomData(BlockBuffer& intake, const TableOfContents& contents)
        : intake_(intake),
          contents_(contents),
          number_size_(contents.head().number_size),
          decompressor_(decompressor_of(contents.head())),
          out_(decompressor_ ? block_size : 0) {}

    std::optional<Part> next() override {
        while (!read().empty()) continue;
        if (part_.of != nullptr && in_large_objects_) {
            if (const auto oid = number(); oid != 0) return begin(static_cast<std::uint32_t>(oid));
            in_large_objects_ = false;
        }
        if (seen_.size() == contents_.data().size()) return {};
        return begin_block();
    }

    std::string_view read() override {
        if (!inside_) return {};
        if (!decompressor_) return chunk();
        return decompressed();
    }

private:
    std::optional<Part> begin_block() {
        const auto kind = intake_.view(1);
        if (kind.empty()) throw cut_off();
        const bool objects = kind.front() == static_cast<char>(Block::large_objects);
        if (!objects && kind.front() != static_cast<char>(Block::data))
            throw damaged("it has a block of unknown kind");
        const long id = number();
        const Data* const data = contents_.find(static_cast<int>(id));
        if (data == nullptr || (data->entry.kind == "BLOBS") != objects)
            throw damaged("it holds a block that is not in its table of contents");
        if (!seen_.insert(data).second) throw damaged("it holds " + name_of(*data) + " twice");
        part_ = {.of = data};
        in_large_objects_ = objects;
        if (!objects) begin_data();
        return part_;
    }

    Part begin(std::uint32_t oid) {
        part_.large_object = oid;
        begin_data();
        return part_;
    }

    void begin_data() {
        inside_ = true;
        began_ = pending_ = false;
        chunk_left_ = 0;
        in_ = {};
        if (decompressor_) decompressor_->reset();
    }

    // The next bytes as they are stored; empty after the last chunk.
    std::string_view chunk() {
        if (chunk_left_ == 0) {
            const long size = number();
            if (size < 0) throw damaged("a chunk in it has a negative length");
            chunk_left_ = static_cast<std::size_t>(size);
            if (size == 0) {
                inside_ = false;
                return {};
            }
        }
        const auto bytes = intake_.view(chunk_left_);
        if (bytes.empty()) throw cut_off();
        chunk_left_ -= bytes.size();
        return bytes;
    }

    std::string_view decompressed() {
        std::size_t count = 0;
        while (count == 0) {
            if (in_.empty() && !pending_) {
                in_ = chunk();
                if (!inside_) {
                    if (began_ && !decompressor_->ended())
                        throw damaged(name_of(*part_.of) + " ends too early");
                    return {};
                }
            }
            if (began_ && decompressor_->ended())
                throw damaged(name_of(*part_.of) + " goes on after its end");
            began_ = true;
            count = decompressor_->decompress(in_, out_.data(), out_.size());
            pending_ = !decompressor_->ended() && count == out_.size();
        }
        return {out_.data(), count};
    }

    // A sign byte, then the bytes in little-endian order.
    long number() {
        const bool negative = byte() != 0;
        unsigned long value = 0;
        for (std::size_t i = 0; i < number_size_; ++i) {
            const unsigned long part = byte();
            if (i < sizeof(int)) value |= part << (8 * i);
            if (i >= sizeof(int) && part != 0) throw damaged("a number in it is too large");
        }
        return negative ? -static_cast<long>(value) : static_cast<long>(value);
    }

    unsigned char byte() {
        const auto found = intake_.view(1);
        if (found.empty()) throw cut_off();
        return static_cast<unsigned char>(found.front());
    }

    Error cut_off() const {
        for (const auto& one : contents_.data()) {
            if (!seen_.contains(&one))
                return Error{"the archive is cut off: it lacks " + name_of(one), make_it_again};
        }
        const std::string last = part_.of == nullptr ? "" : " in " + name_of(*part_.of);
        return Error{"the archive is cut off" + last, make_it_again};
    }

    BlockBuffer& intake_;
    const TableOfContents& contents_;
    std::size_t number_size_;
    std::unique_ptr<Decompressor> decompressor_;
    std::vector<char> out_;
    std::set<const Data*> seen_;
    Part part_;
    bool in_large_objects_ = false;
    bool inside_ = false;  // in the data of a part
    std::size_t chunk_left_ = 0;
    std::string_view in_;  // of a chunk, compressed
    bool began_ = false;
    bool pending_ = false;  // the decompressor may hold more
};

}  // namespace

std::unique_ptr<DataReader> custom_data(BlockBuffer& intake, const TableOfContents& contents) {
    if (contents.head().format != ArchiveFormat::custom)
        throw damaged("its table of contents is not that of a custom archive");
    return std::make_unique<CustomData>(intake, contents);
}

}  // namespace dump
