// A custom archive, taken apart block by block.
#pragma once

#include <cstddef>
#include <cstdint>
#include <map>
#include <stdexcept>
#include <string>
#include <string_view>
#include <vector>

#include "dump/archive.h"
#include "dump/bytes.h"

namespace custom {

/// Where a block stands, and whose it is.
struct Block {
    bool large_objects = false;
    int id = 0;
    std::size_t place = 0;
};

/// Reads all of an archive, which blocks have to fill up to its end; any exception is that it is
/// none.
struct Custom {
    explicit Custom(const std::string& bytes) : left_(bytes) {
        std::size_t taken = 0;
        dump::ArchiveReader reader{bytes::from(bytes, taken)};
        head = reader.head();
        for (auto one = reader.next(); one; one = reader.next()) entries.push_back(*one);
        left_.remove_prefix(taken);
        while (!left_.empty()) {
            blocks.push_back({.place = bytes.size() - left_.size()});
            take_block(blocks.back());
        }
    }

    const dump::Entry& entry(int id) const {
        for (const auto& one : entries)
            if (one.id == id) return one;
        throw std::out_of_range("no entry has the id of a block");
    }

    dump::ArchiveHeader head;
    std::vector<dump::Entry> entries;
    std::vector<Block> blocks;
    std::map<std::string, std::string> data;  // by the tag of the entry
    std::map<std::uint32_t, std::string> objects;

private:
    void take_block(Block& block) {
        const char kind = take(1).front();
        if (kind != '\1' && kind != '\3') throw std::out_of_range("no block");
        block.large_objects = kind == '\3';
        block.id = static_cast<int>(number());
        if (!block.large_objects) {
            data[entry(block.id).tag.value_or("")] += content();
            return;
        }
        for (auto oid = number(); oid != 0; oid = number())
            objects[static_cast<std::uint32_t>(oid)] += content();
    }
    std::string content() {
        std::string out;
        for (auto size = number(); size != 0; size = number())
            out += take(static_cast<std::size_t>(size));
        return out;
    }
    long number() {
        const auto bytes = take(head.number_size + 1);
        long value = 0;
        for (std::size_t i = head.number_size; i > 0; --i)
            value = value * 256 + static_cast<unsigned char>(bytes[i]);
        return bytes.front() != 0 ? -value : value;
    }
    std::string_view take(std::size_t size) {
        if (size > left_.size()) throw std::out_of_range("an archive that is cut off");
        const auto bytes = left_.substr(0, size);
        left_.remove_prefix(size);
        return bytes;
    }

    std::string_view left_;
};

}  // namespace custom
