// Decompresses streams piece by piece.
#include "dump/decompression.h"

#include <lz4frame.h>
#include <zlib.h>
#include <zstd.h>

#include "dump/format.h"

namespace dump {

namespace {

Error no_memory(const char* name) {
    return Error{std::string(name) + " cannot be decompressed: no memory"};
}

class Inflate final : public Decompressor {
public:
    explicit Inflate(int window_bits) {
        if (inflateInit2(&stream_, window_bits) != Z_OK) throw no_memory(name());
    }
    ~Inflate() override { inflateEnd(&stream_); }
    Inflate(const Inflate&) = delete;
    Inflate& operator=(const Inflate&) = delete;

    const char* name() const override { return "gzip"; }
    void reset() override {
        inflateReset(&stream_);
        ended_ = false;
    }
    std::size_t decompress(std::string_view& in, char* out, std::size_t size) override {
        // zlib does not write through this pointer.
        stream_.next_in = reinterpret_cast<Bytef*>(const_cast<char*>(in.data()));
        stream_.avail_in = static_cast<uInt>(in.size());
        stream_.next_out = reinterpret_cast<Bytef*>(out);
        stream_.avail_out = static_cast<uInt>(size);
        const int state = inflate(&stream_, Z_NO_FLUSH);
        ended_ = state == Z_STREAM_END;
        if (!ended_ && state != Z_OK && state != Z_BUF_ERROR) {
            throw damaged_stream(
                name(), stream_.msg == nullptr ? "it cannot be decompressed" : stream_.msg);
        }
        in.remove_prefix(in.size() - stream_.avail_in);
        return size - stream_.avail_out;
    }
    bool ended() const override { return ended_; }

private:
    z_stream stream_ = {};
    bool ended_ = false;
};

class Zstd final : public Decompressor {
public:
    Zstd() : context_(ZSTD_createDCtx(), &ZSTD_freeDCtx) {
        if (!context_) throw no_memory(name());
    }

    const char* name() const override { return "zstd"; }
    void reset() override {
        ZSTD_DCtx_reset(context_.get(), ZSTD_reset_session_only);
        ended_ = false;
    }
    std::size_t decompress(std::string_view& in, char* out, std::size_t size) override {
        ZSTD_inBuffer from = {in.data(), in.size(), 0};
        ZSTD_outBuffer to = {out, size, 0};
        const std::size_t left = ZSTD_decompressStream(context_.get(), &to, &from);
        if (ZSTD_isError(left) != 0) throw damaged_stream(name(), ZSTD_getErrorName(left));
        ended_ = left == 0;
        in.remove_prefix(from.pos);
        return to.pos;
    }
    bool ended() const override { return ended_; }

private:
    std::unique_ptr<ZSTD_DCtx, decltype(&ZSTD_freeDCtx)> context_;
    bool ended_ = false;
};

class Lz4 final : public Decompressor {
public:
    Lz4() {
        if (LZ4F_isError(LZ4F_createDecompressionContext(&context_, LZ4F_VERSION)) != 0)
            throw no_memory(name());
    }
    ~Lz4() override { LZ4F_freeDecompressionContext(context_); }
    Lz4(const Lz4&) = delete;
    Lz4& operator=(const Lz4&) = delete;

    const char* name() const override { return "lz4"; }
    void reset() override {
        LZ4F_resetDecompressionContext(context_);
        ended_ = false;
    }
    std::size_t decompress(std::string_view& in, char* out, std::size_t size) override {
        std::size_t taken = in.size();
        const std::size_t left = LZ4F_decompress(context_, out, &size, in.data(), &taken, nullptr);
        if (LZ4F_isError(left) != 0) throw damaged_stream(name(), LZ4F_getErrorName(left));
        ended_ = left == 0;
        in.remove_prefix(taken);
        return size;
    }
    bool ended() const override { return ended_; }

private:
    LZ4F_dctx* context_ = nullptr;
    bool ended_ = false;
};

}  // namespace

std::unique_ptr<Decompressor> gzip_decompressor() {
    constexpr int gzip_only = 16 + MAX_WBITS;
    return std::make_unique<Inflate>(gzip_only);
}
std::unique_ptr<Decompressor> zlib_decompressor() { return std::make_unique<Inflate>(MAX_WBITS); }
std::unique_ptr<Decompressor> zstd_decompressor() { return std::make_unique<Zstd>(); }
std::unique_ptr<Decompressor> lz4_decompressor() { return std::make_unique<Lz4>(); }

Error cut_off_stream(const std::string& name) {
    return Error{"the " + name + " stream is cut off", make_it_again};
}

Error damaged_stream(const std::string& name, const std::string& reason) {
    return Error{"the " + name + " stream is damaged: " + reason, make_it_again};
}

}  // namespace dump
