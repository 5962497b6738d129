// The bytes of a dump as they come from a descriptor, unpacked on the way.
#include "backup/source.h"

#include <poll.h>
#include <sys/stat.h>
#include <unistd.h>
#include <zlib.h>
#include <zstd.h>

#include <algorithm>
#include <cerrno>
#include <cstring>
#include <vector>

#include "backup/format.h"
#include "backup/interrupt.h"
#include "error/error.h"

namespace backup {

namespace {

constexpr std::size_t longest_magic = 6;
constexpr int longest_wait = 500;  // milliseconds
constexpr const char* copy_it_whole = "Make the dump again, and copy it whole.";

Error cut_off(const char* what) {
    return Error{std::string("the ") + what + " stream is cut off", copy_it_whole};
}
Error damaged(const char* what, const char* reason) {
    return Error{std::string("the ") + what + " stream is damaged: " + reason, copy_it_whole};
}

// The descriptor's own bytes. `next` gives what was peeked at first, then the rest.
class Raw {
public:
    Raw(int descriptor, std::size_t block)
        : descriptor_(descriptor),
          block_(std::max(block, longest_magic)),
          buffer_(std::make_unique_for_overwrite<char[]>(block_)) {
        // A pipe may hand over its first bytes one by one.
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

private:
    std::size_t read_into(std::size_t offset) {
        while (true) {
            Interrupt::check();
            // A signal between the check and a read would wait as long as the input does.
            struct pollfd waiting = {.fd = descriptor_, .events = POLLIN, .revents = 0};
            const int ready = descriptor_ < 0 ? 1 : ::poll(&waiting, 1, longest_wait);
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
};

}  // namespace

/// One way of unpacking.
struct Source::Unpacking {
    explicit Unpacking(Raw&& from) : raw(std::move(from)) {}
    virtual ~Unpacking() = default;
    Unpacking(const Unpacking&) = delete;
    Unpacking& operator=(const Unpacking&) = delete;
    virtual std::string_view read() { return raw.next(); }

    Raw raw;
};

namespace {

class Gzip final : public Source::Unpacking {
public:
    explicit Gzip(Raw&& from) : Unpacking(std::move(from)), out_(raw.block()) {
        constexpr int gzip_only = 16 + MAX_WBITS;
        if (inflateInit2(&stream_, gzip_only) != Z_OK)
            throw Error{"gzip cannot be unpacked: no memory"};
    }
    ~Gzip() override { inflateEnd(&stream_); }
    Gzip(const Gzip&) = delete;
    Gzip& operator=(const Gzip&) = delete;

    std::string_view read() override {
        stream_.next_out = out_.data();
        stream_.avail_out = static_cast<uInt>(out_.size());
        while (stream_.avail_out == out_.size()) {
            if (!pending_ && !has_input()) {
                if (inside_) throw cut_off("gzip");
                return {};
            }
            if (!inside_ && !begin_member()) return {};
            step();
            pending_ = inside_ && stream_.avail_out == 0;
        }
        return {reinterpret_cast<const char*>(out_.data()), out_.size() - stream_.avail_out};
    }

private:
    bool has_input() {
        if (stream_.avail_in > 0) return true;
        in_ = raw.next();
        // zlib promises not to write through it.
        stream_.next_in = reinterpret_cast<Bytef*>(const_cast<char*>(in_.data()));
        stream_.avail_in = static_cast<uInt>(in_.size());
        return !in_.empty();
    }

    // Several members follow each other in what pigz and cat make; zeros may fill the last block of
    // a tape.
    bool begin_member() {
        while (has_input() && *stream_.next_in == 0 && began_) {
            ++stream_.next_in;
            --stream_.avail_in;
        }
        if (stream_.avail_in == 0) return false;
        if (began_) inflateReset(&stream_);
        began_ = inside_ = true;
        return true;
    }

    void step() {
        const int state = inflate(&stream_, Z_NO_FLUSH);
        if (state == Z_STREAM_END) {
            inside_ = false;
        } else if (state != Z_OK && state != Z_BUF_ERROR) {
            throw damaged("gzip", stream_.msg == nullptr ? "it cannot be unpacked" : stream_.msg);
        }
    }

    z_stream stream_ = {};
    std::vector<Bytef> out_;
    std::string_view in_;
    bool began_ = false;
    bool inside_ = false;
    bool pending_ = false;  // zlib holds more than the last call had room for
};

class Zstd final : public Source::Unpacking {
public:
    explicit Zstd(Raw&& from)
        : Unpacking(std::move(from)),
          context_(ZSTD_createDCtx(), &ZSTD_freeDCtx),
          out_(raw.block()) {
        if (!context_) throw Error{"zstd cannot be unpacked: no memory"};
    }

    std::string_view read() override {
        ZSTD_outBuffer out = {out_.data(), out_.size(), 0};
        while (out.pos == 0) {
            if (in_.pos == in_.size && !flushing_) {
                block_ = raw.next();
                in_ = {block_.data(), block_.size(), 0};
                if (block_.empty()) {
                    if (inside_) throw cut_off("zstd");
                    return {};
                }
            }
            const std::size_t left = ZSTD_decompressStream(context_.get(), &out, &in_);
            if (ZSTD_isError(left) != 0) throw damaged("zstd", ZSTD_getErrorName(left));
            inside_ = left != 0;
            flushing_ = inside_ && out.pos == out.size;
        }
        return {out_.data(), out.pos};
    }

private:
    std::unique_ptr<ZSTD_DCtx, decltype(&ZSTD_freeDCtx)> context_;
    std::vector<char> out_;
    std::string_view block_;
    ZSTD_inBuffer in_ = {nullptr, 0, 0};
    bool inside_ = false;
    bool flushing_ = false;
};

std::unique_ptr<Source::Unpacking> unpacking(Raw&& raw) {
    switch (wrapping_of(raw.peeked())) {
        case Wrapping::gzip:
            return std::make_unique<Gzip>(std::move(raw));
        case Wrapping::zstd:
            return std::make_unique<Zstd>(std::move(raw));
        case Wrapping::none:
            break;
    }
    return std::make_unique<Source::Unpacking>(std::move(raw));
}

// What is to come of a file, from where its descriptor stands.
std::optional<std::uint64_t> left_in(int descriptor) {
    struct stat found {};
    if (::fstat(descriptor, &found) == -1 || !S_ISREG(found.st_mode)) return {};
    const off_t begin = ::lseek(descriptor, 0, SEEK_CUR);
    if (begin == -1 || begin > found.st_size) return {};
    return static_cast<std::uint64_t>(found.st_size - begin);
}

}  // namespace

Source::Source(int descriptor, std::size_t block)
    : all_(left_in(descriptor)), unpacking_(unpacking(Raw{descriptor, block})) {}

Source::~Source() = default;

bool Source::holds(std::size_t bytes) {
    head_.reserve(bytes + unpacking_->raw.block());
    while (!ended_ && head_.size() < bytes) {
        Interrupt::check();
        const std::string_view more = unpacking_->read();
        ended_ = more.empty();
        head_ += more;
    }
    return head_.size() >= bytes;
}

std::string_view Source::head() {
    holds(head_size);
    return std::string_view{head_}.substr(0, head_size);
}

std::string_view Source::read() {
    if (!head_given_) {
        head_given_ = true;
        if (!head().empty()) return head_;
    }
    head_ = {};
    return unpacking_->read();
}

std::uint64_t Source::taken() const { return unpacking_->raw.taken(); }

}  // namespace backup
