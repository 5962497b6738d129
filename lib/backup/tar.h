// Watches a tar archive go by: pg_restore takes a cut-off one for a shorter one.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>

namespace backup {

/// Follows the members of a ustar stream, whatever the size of the pieces.
class Tar {
public:
    /// The next bytes; throws Error for a header that is none.
    void feed(std::string_view bytes);
    /// Throws Error unless the archive came to its end: every member whole, and the two empty
    /// blocks.
    void finish() const;

private:
    void take_header();

    std::string header_;      // the block being collected
    std::uint64_t body_ = 0;  // bytes that the member still has, padding included
    int empty_blocks_ = 0;
    bool over_ = false;
};

}  // namespace backup
