// Bytes on their way from a pipe to another descriptor, counted.
#pragma once

#include <cstdint>

#include "process/child.h"

namespace process {

/// Moves what a pipe holds to a descriptor that stays the caller's; the kernel moves it where it
/// can, so that the bytes never come to us.
class Relay {
public:
    Relay(Descriptor from, int to);

    /// Moves what is there without waiting for more than one end; false at the end of the pipe.
    /// Throws std::system_error when the target cannot be written.
    bool move();
    int from() const { return from_.get(); }
    int to() const { return to_; }
    std::uint64_t passed() const { return passed_; }
    /// Closes the pipe: whoever writes into it is told.
    void close() { from_.close(); }

private:
    bool copy();

    Descriptor from_;
    int to_;
    bool spliced_ = true;  // until the kernel refuses: a file opened for appending, a terminal
    std::uint64_t passed_ = 0;
};

}  // namespace process
