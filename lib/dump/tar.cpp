// Reads the members of a tar archive from a stream.
#include "dump/tar.h"

#include <algorithm>
#include <array>
#include <limits>
#include <string_view>

#include "dump/format.h"

namespace dump {

namespace {

constexpr std::size_t block = 512;
constexpr std::size_t name_length = 100;
constexpr std::size_t size_at = 124;
constexpr std::size_t size_length = 12;
constexpr std::size_t sum_at = 148;
constexpr std::size_t sum_length = 8;
constexpr std::uint64_t largest_member =
    std::numeric_limits<std::int64_t>::max() - std::int64_t{block};

Error damaged() { return damaged_tar("it has an invalid header"); }

std::uint64_t octal(std::string_view field) {
    const auto first = field.find_first_not_of(' ');
    if (first == std::string_view::npos) throw damaged();
    std::uint64_t value = 0;
    for (const char c : field.substr(first)) {
        if (c == '\0' || c == ' ') break;
        if (c < '0' || c > '7') throw damaged();
        value = value * 8 + static_cast<std::uint64_t>(c - '0');
    }
    return value;
}

// Members above 8 GiB: the size as a big-endian number, with the highest bit set.
std::uint64_t base_256(std::string_view field) {
    std::uint64_t value = static_cast<unsigned char>(field.front()) & 0x7fU;
    for (const char c : field.substr(1)) {
        if (value > largest_member / 256) throw damaged();
        value = value * 256 + static_cast<unsigned char>(c);
    }
    return value;
}

std::uint64_t size_in(std::string_view header) {
    const std::string_view field = header.substr(size_at, size_length);
    const bool binary = (static_cast<unsigned char>(field.front()) & 0x80U) != 0;
    const std::uint64_t size = binary ? base_256(field) : octal(field);
    if (size > largest_member) throw damaged();
    return size;
}

std::uint64_t sum_of(std::string_view header) {
    std::uint64_t sum = 0;
    for (std::size_t i = 0; i < header.size(); ++i) {
        // the checksum field counts as spaces
        const bool own = i >= sum_at && i < sum_at + sum_length;
        sum += own ? static_cast<unsigned char>(' ') : static_cast<unsigned char>(header[i]);
    }
    return sum;
}

}  // namespace

Error damaged_tar(const std::string& what) {
    return Error{"the tar archive is damaged: " + what, make_it_again};
}

void TarReader::take(char* into, std::size_t size) {
    while (size > 0) {
        const auto count = bytes_(into, size);
        if (count == 0)
            throw Error{"the tar archive is cut off: its end is missing", make_it_again};
        into += count;
        size -= count;
    }
}

std::size_t TarReader::read(char* into, std::size_t size) {
    const auto count = std::min<std::uint64_t>(size, left_);
    take(into, count);
    left_ -= count;
    return count;
}

// If the padding is not empty, somebody has changed the size of the member.
void TarReader::take_padding() {
    std::array<char, block> rest{};
    take(rest.data(), padding_);
    if (std::any_of(rest.begin(), rest.end(), [](char c) { return c != '\0'; }))
        throw damaged_tar("a member is longer than its header says");
}

// Reads a header; false if the block is empty.
bool TarReader::take_header() {
    header_.resize(block);
    take(header_.data(), header_.size());
    return header_.find_first_not_of('\0') != std::string::npos;
}

std::optional<Member> TarReader::next() {
    std::array<char, 4096> rest{};
    while (read(rest.data(), rest.size()) > 0) {
    }
    take_padding();
    padding_ = 0;
    if (!take_header()) {
        if (take_header()) throw damaged_tar("it goes on after its end");
        return {};
    }
    const std::string_view header = header_;
    if (octal(header.substr(sum_at, sum_length)) != sum_of(header)) throw damaged();
    const std::string_view name = header.substr(0, name_length);
    left_ = size_in(header);
    padding_ = (block - left_ % block) % block;
    return Member{.name = std::string(name.substr(0, name.find('\0'))), .size = left_};
}

}  // namespace dump
