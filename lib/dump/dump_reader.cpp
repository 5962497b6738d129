// Reads a dump from a descriptor and decompresses it.
#include "dump/dump_reader.h"

#include <poll.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <cstring>
#include <utility>
#include <vector>

#include "dump/decompression.h"
#include "dump/format.h"
#include "error/error.h"
#include "process/cancellation.h"

namespace dump {

namespace {

constexpr std::size_t longest_magic = 6;
constexpr int longest_wait = 500;  // milliseconds

// The bytes of the descriptor. The first next() returns the bytes of peeked() again.
class RawInput {
public:
    RawInput(int descriptor, std::size_t block)
        : descriptor_(descriptor),
          block_(std::max(block, longest_magic)),
          buffer_(std::make_unique_for_overwrite<char[]>(block_)) {
        // A pipe may return its first bytes one by one.
        while (filled_ < longest_magic) {
            const std::size_t count = read_into(filled_);
            if (count == 0) break;
            filled_ += count;
        }
    }

    std::string_view peeked() const { return {buffer_.get(), filled_}; }
    std::string_view next() {
        if (fresh_) {
            fresh_ = false;
            return peeked();
        }
        return {buffer_.get(), read_into(0)};
    }
    std::uint64_t taken() const { return taken_; }
    std::size_t block() const { return block_; }
    void wait_by(std::function<void(int)> wait) { wait_ = std::move(wait); }

private:
    std::size_t read_into(std::size_t offset) {
        while (true) {
            process::check_cancelled();
            // poll with a timeout: a signal between the check and a blocking read would be noticed
            // only with the next input.
            struct pollfd waiting = {.fd = descriptor_, .events = POLLIN, .revents = 0};
            const int patience = wait_ ? 0 : longest_wait;
            const int ready = descriptor_ < 0 ? 1 : ::poll(&waiting, 1, patience);
            if (ready == 0 && wait_) wait_(descriptor_);
            if (ready == 0 || (ready == -1 && errno == EINTR)) continue;
            const auto count = ::read(descriptor_, buffer_.get() + offset, block_ - offset);
            if (count >= 0) {
                taken_ += static_cast<std::uint64_t>(count);
                return static_cast<std::size_t>(count);
            }
            if (errno != EINTR) {
                throw Error{std::string("the input cannot be read: ") + std::strerror(errno)};
            }
        }
    }

    int descriptor_;
    std::size_t block_;
    std::unique_ptr<char[]> buffer_;
    std::size_t filled_ = 0;
    std::uint64_t taken_ = 0;
    bool fresh_ = true;
    std::function<void(int)> wait_;
};

}  // namespace

/// A source of decompressed bytes; this base class passes them unchanged.
struct DumpReader::Decoding {
    explicit Decoding(RawInput&& from) : raw(std::move(from)) {}
    virtual ~Decoding() = default;
    Decoding(const Decoding&) = delete;
    Decoding& operator=(const Decoding&) = delete;
    virtual std::string_view read() { return raw.next(); }

    RawInput raw;
};

namespace {

// Several streams may follow each other, as pigz and cat write them. Zeros after a gzip stream are
// padding of tapes.
class Compressed final : public DumpReader::Decoding {
public:
    Compressed(RawInput&& from, std::unique_ptr<Decompressor> decompressor, bool may_be_filled)
        : Decoding(std::move(from)),
          decompressor_(std::move(decompressor)),
          may_be_filled_(may_be_filled),
          out_(raw.block()) {}

    std::string_view read() override {
        std::size_t count = 0;
        while (count == 0) {
            if (in_.empty() && !pending_) {
                in_ = raw.next();
                if (in_.empty() && inside_) throw cut_off_stream(decompressor_->name());
                if (in_.empty()) return {};
            }
            if (!inside_ && !begin()) continue;
            count = decompressor_->decompress(in_, out_.data(), out_.size());
            inside_ = !decompressor_->ended();
            pending_ = inside_ && count == out_.size();
        }
        return {out_.data(), count};
    }

private:
    bool begin() {
        if (began_ && may_be_filled_)
            in_.remove_prefix(std::min(in_.find_first_not_of('\0'), in_.size()));
        if (in_.empty()) return false;
        if (began_) decompressor_->reset();
        began_ = inside_ = true;
        return true;
    }

    std::unique_ptr<Decompressor> decompressor_;
    bool may_be_filled_;
    std::vector<char> out_;
    std::string_view in_;
    bool began_ = false;
    bool inside_ = false;
    bool pending_ = false;  // the decompressor may have more output without input
};

std::unique_ptr<DumpReader::Decoding> decoding(RawInput&& raw) {
    switch (wrapper_of(raw.peeked())) {
        case Wrapper::gzip:
            return std::make_unique<Compressed>(std::move(raw), gzip_decompressor(), true);
        case Wrapper::zstd:
            return std::make_unique<Compressed>(std::move(raw), zstd_decompressor(), false);
        case Wrapper::none:
            break;
    }
    return std::make_unique<DumpReader::Decoding>(std::move(raw));
}

// The number of bytes from the current position to the end of a file.
std::optional<std::uint64_t> left_in(int descriptor) {
    struct stat found {};
    if (::fstat(descriptor, &found) == -1 || !S_ISREG(found.st_mode)) return {};
    const off_t begin = ::lseek(descriptor, 0, SEEK_CUR);
    if (begin == -1 || begin > found.st_size) return {};
    return static_cast<std::uint64_t>(found.st_size - begin);
}

}  // namespace

DumpReader::DumpReader(int descriptor, std::size_t block)
    : all_(left_in(descriptor)), decoding_(decoding(RawInput{descriptor, block})) {}

DumpReader::~DumpReader() = default;

bool DumpReader::holds(std::size_t bytes) {
    head_.reserve(bytes + decoding_->raw.block());
    while (!ended_ && head_.size() < bytes) {
        process::check_cancelled();
        const std::string_view more = decoding_->read();
        ended_ = more.empty();
        head_ += more;
    }
    return head_.size() >= bytes;
}

std::string_view DumpReader::head() {
    holds(head_size);
    return std::string_view{head_}.substr(0, head_size);
}

std::string_view DumpReader::read() {
    if (!head_given_) {
        head_given_ = true;
        if (!head().empty()) return head_;
    }
    head_ = {};
    return decoding_->read();
}

void DumpReader::wait_by(std::function<void(int descriptor)> wait) {
    decoding_->raw.wait_by(std::move(wait));
}

std::uint64_t DumpReader::taken() const { return decoding_->raw.taken(); }

}  // namespace dump
