// Passes bytes from a pipe to another descriptor and counts them.
#pragma once

#include <cstdint>

#include "process/child.h"

namespace process {

/// Passes bytes from a pipe to a descriptor, which stays open. Where the kernel can, it moves them
/// without copying them to this process (splice).
class Relay {
public:
    Relay(Descriptor from, int to);

    /// Passes what the pipe holds; may wait for one of the two ends. False at the end of the pipe.
    /// Throws std::system_error if the target cannot be written.
    bool move();
    /// The descriptor of the pipe.
    int from() const { return from_.get(); }
    /// The target's descriptor.
    int to() const { return to_; }
    /// How many bytes have passed so far.
    std::uint64_t passed() const { return passed_; }
    /// Closes the pipe. Its writer gets SIGPIPE.
    void close() { from_.close(); }

private:
    bool copy();

    Descriptor from_;
    int to_;
    bool spliced_ = true;  // until the kernel refuses: a file opened for appending, a terminal
    std::uint64_t passed_ = 0;
};

}  // namespace process
