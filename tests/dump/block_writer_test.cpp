// The blocks of a custom archive: what is written, and that it is as long as was told before.
#include "dump/block_writer.h"

#include <algorithm>

#include "dump/bytes.h"
#include "fakes/catch.h"

namespace {

constexpr std::size_t chunk = std::size_t{128} * 1024;

struct Written {
    dump::ArchiveHeader head{.version = 16};
    std::string bytes;
    dump::Sink sink = [this](std::string_view part) { bytes += part; };
    dump::BlockWriter blocks{head, sink};
};

}  // namespace

TEST_CASE("data are written in chunks that say how long they are", "[archive]") {
    for (const std::size_t size : {std::size_t{0}, std::size_t{1}, chunk, 2 * chunk + 1}) {
        CAPTURE(size);
        Written written;
        const std::string bytes(size, 'x');
        std::size_t taken = 0;
        written.blocks.data(7, bytes::from(bytes, taken, 65536), size);
        std::string expected = "\1" + bytes::number(7);
        for (std::size_t left = size; left > 0; left -= std::min(left, chunk))
            expected += bytes::text(bytes.substr(0, std::min(left, chunk)));
        CHECK(written.bytes == expected + bytes::number(0));
        CHECK(written.bytes.size() == written.blocks.data_length(size));
        CHECK(taken == size);
    }
}

TEST_CASE("large objects are written with their oids up to a zero", "[archive]") {
    Written written;
    std::size_t taken = 0;
    const auto bytes = bytes::from("firstlast", taken);
    written.blocks.begin_large_objects(8);
    written.blocks.large_object(4242, bytes, 5);
    written.blocks.large_object(4243, bytes, 0);
    written.blocks.large_object(4294967295, bytes, 4);
    written.blocks.end_large_objects();
    CHECK(written.bytes == "\3" + bytes::number(8) +                                            //
                               bytes::number(4242) + bytes::text("first") + bytes::number(0) +  //
                               bytes::number(4243) + bytes::number(0) +                         //
                               bytes::number(-1) + bytes::text("last") + bytes::number(0) +     //
                               bytes::number(0));
    std::uint64_t length = written.blocks.large_objects_length();
    for (const std::uint64_t size : {5U, 0U, 4U})
        length += written.blocks.large_object_length(size);
    CHECK(written.bytes.size() == length);
}
