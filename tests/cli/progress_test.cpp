// Progress: what a line says, and when there is one.
#include "cli/progress.h"

#include <string>

#include "cli/units.h"
#include "fakes/catch.h"

namespace {

using namespace std::chrono_literals;
using cli::ProgressMode;

}  // namespace

TEST_CASE("progress is for terminals, and for who asks", "[progress]") {
    CHECK(cli::progress_mode(false, false, true) == ProgressMode::drawn);
    CHECK(cli::progress_mode(false, true, true) == ProgressMode::drawn);
    CHECK(cli::progress_mode(false, true, false) == ProgressMode::lines);
    CHECK(cli::progress_mode(false, false, false) == ProgressMode::nothing);
    CHECK(cli::progress_mode(true, true, true) == ProgressMode::nothing);
}

TEST_CASE("a line of progress says what is known", "[progress]") {
    CHECK(cli::progress_line(0, {}, 0ms) == "0 B");
    CHECK(cli::progress_line(1500, {}, 1000ms) == "2 kB, 2 kB/s");
    CHECK(cli::progress_line(12'300'000, {}, 2000ms) == "12.3 MB, 6.2 MB/s");
    CHECK(cli::progress_line(250'000'000, 1'000'000'000, 10000ms) ==
          "250 MB of 1.0 GB, 25.0 MB/s, 25%, 0:31 left");
    CHECK(cli::progress_line(1'000'000, 40'000'000'000, 1000ms) ==
          "1.0 MB of 40.0 GB, 1.0 MB/s, 0%, 11:06:40 left");
    CHECK(cli::progress_line(10, 10, 1000ms) == "10 B of 10 B, 10 B/s, 100%");
    CHECK(cli::progress_line(20, 10, 1000ms) == "20 B of 10 B, 20 B/s, 100%");
    CHECK(cli::progress_line(999'999, {}, 0ms) == "1.0 MB");
}

TEST_CASE("a line is drawn again every second and taken away at the end", "[progress]") {
    cli::Progress::Clock::time_point now{};
    std::string text;
    {
        cli::Progress progress{ProgressMode::drawn, [&] { return now; },
                               [&](const std::string& more) { text += more; }};
        progress(1, {});
        CHECK(text.empty());
        now += 1000ms;
        progress(5000, {});
        CHECK(text == "\r\x1b[K       5 kB, 5 kB/s");
        now += 999ms;
        progress(6000, {});
        CHECK(text == "\r\x1b[K       5 kB, 5 kB/s");
        text.clear();
    }
    CHECK(text == "\r\x1b[K");
}

TEST_CASE("elsewhere there is a line every ten seconds", "[progress]") {
    cli::Progress::Clock::time_point now{};
    std::string text;
    cli::Progress progress{ProgressMode::lines, [&] { return now; },
                           [&](const std::string& more) { text += more; }};
    for (int second = 0; second < 25; ++second) {
        now += 1000ms;
        progress(static_cast<std::uint64_t>(second), {});
    }
    CHECK(text == "       9 B, 0 B/s\n       19 B, 0 B/s\n");
}

TEST_CASE("an end tells size and time", "[progress]") {
    CHECK(cli::done_text(305'000'000, 4949ms) == "305 MB in 4.9 s");
    CHECK(cli::done_text(0, 0ms) == "0 B in 0.0 s");
    CHECK(cli::done_text(1500, 99'960ms) == "2 kB in 1:40");
    CHECK(cli::done_text(1, 99'940ms) == "1 B in 99.9 s");
    CHECK(cli::time_text(86'400 + 3'661) == "1 d 1:01:01");
}
