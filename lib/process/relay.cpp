// Passes bytes from a pipe to another descriptor and counts them.
#include "process/relay.h"

#include <fcntl.h>
#include <unistd.h>

#include <array>
#include <cerrno>
#include <system_error>

namespace process {

namespace {

constexpr std::size_t most_at_once = 1024UL * 1024UL;

std::system_error failure() { return {errno, std::generic_category()}; }

void write_all(int to, const char* bytes, std::size_t size) {
    while (size > 0) {
        const auto written = ::write(to, bytes, size);
        if (written == -1 && errno != EINTR && errno != EAGAIN) throw failure();
        if (written <= 0) continue;
        bytes += written;
        size -= static_cast<std::size_t>(written);
    }
}

}  // namespace

Relay::Relay(Descriptor from, int to) : from_(std::move(from)), to_(to) {}

bool Relay::move() {
    if (!spliced_) return copy();
    const auto moved = ::splice(from_.get(), nullptr, to_, nullptr, most_at_once,
                                SPLICE_F_MOVE | SPLICE_F_NONBLOCK);
    if (moved > 0) passed_ += static_cast<std::uint64_t>(moved);
    if (moved >= 0) return moved > 0;
    if (errno == EINVAL) {
        spliced_ = false;
        return copy();
    }
    if (errno != EAGAIN && errno != EINTR) throw failure();
    return true;
}

bool Relay::copy() {
    std::array<char, 65536> block;
    const auto count = ::read(from_.get(), block.data(), block.size());
    if (count == -1) return errno == EINTR || errno == EAGAIN;
    write_all(to_, block.data(), static_cast<std::size_t>(count));
    passed_ += static_cast<std::uint64_t>(count);
    return count > 0;
}

}  // namespace process
