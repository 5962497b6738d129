// Watches a tar archive go by: pg_restore takes a cut-off one for a shorter one.
#include "backup/tar.h"

#include <algorithm>
#include <limits>

#include "error/error.h"

namespace backup {

namespace {

constexpr std::size_t block = 512;
constexpr std::size_t size_at = 124;
constexpr std::size_t size_length = 12;
constexpr std::size_t sum_at = 148;
constexpr std::size_t sum_length = 8;
constexpr std::uint64_t largest = std::numeric_limits<std::int64_t>::max() - std::int64_t{block};

Error damaged() {
    return Error{"the tar archive is damaged: a header in it is none",
                 "Make the dump again, and copy it whole."};
}

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

// Members above 8 GiB: the number itself, most significant byte first, under a set top bit.
std::uint64_t base_256(std::string_view field) {
    std::uint64_t value = static_cast<unsigned char>(field.front()) & 0x7fU;
    for (const char c : field.substr(1)) {
        if (value > largest / 256) throw damaged();
        value = value * 256 + static_cast<unsigned char>(c);
    }
    return value;
}

std::uint64_t size_in(std::string_view header) {
    const std::string_view field = header.substr(size_at, size_length);
    const bool binary = (static_cast<unsigned char>(field.front()) & 0x80U) != 0;
    const std::uint64_t size = binary ? base_256(field) : octal(field);
    if (size > largest) throw damaged();
    return size;
}

std::uint64_t sum_of(std::string_view header) {
    std::uint64_t sum = 0;
    for (std::size_t i = 0; i < header.size(); ++i) {
        const bool own = i >= sum_at && i < sum_at + sum_length;  // counted as spaces
        sum += own ? static_cast<unsigned char>(' ') : static_cast<unsigned char>(header[i]);
    }
    return sum;
}

}  // namespace

void Tar::take_header() {
    const bool empty =
        std::all_of(header_.begin(), header_.end(), [](char c) { return c == '\0'; });
    empty_blocks_ = empty ? empty_blocks_ + 1 : 0;
    if (empty) {
        over_ = empty_blocks_ == 2;
    } else {
        if (octal(std::string_view{header_}.substr(sum_at, sum_length)) != sum_of(header_))
            throw damaged();
        const std::uint64_t size = size_in(header_);
        body_ = (size + block - 1) / block * block;
    }
    header_.clear();
}

void Tar::feed(std::string_view bytes) {
    while (!bytes.empty() && !over_) {
        if (body_ > 0) {
            const std::size_t taken = std::min<std::uint64_t>(body_, bytes.size());
            body_ -= taken;
            bytes.remove_prefix(taken);
            continue;
        }
        const std::size_t taken = std::min(block - header_.size(), bytes.size());
        header_ += bytes.substr(0, taken);
        bytes.remove_prefix(taken);
        if (header_.size() == block) take_header();
    }
}

void Tar::finish() const {
    if (over_) return;
    throw Error{"the tar archive is cut off: its end is missing",
                "Make the dump again, and copy it whole."};
}

}  // namespace backup
