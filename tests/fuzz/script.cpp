// Plain dumps: the verdict and what psql gets do not depend on how the stream is cut.
#include "backup/script.h"

#include "fuzz.h"

namespace {

struct Outcome {
    std::string refused;
    std::string passed;
};

Outcome read(std::string_view dump, unsigned seed) {
    Outcome outcome;
    outcome.refused = fuzz::refusal([&] {
        backup::Script script([&](std::string_view bytes) { outcome.passed += bytes; });
        if (seed == 0)
            script.feed(dump);
        else
            fuzz::in_pieces(dump, seed, [&](std::string_view piece) { script.feed(piece); });
        script.finish();
    });
    return outcome;
}

}  // namespace

void attack(std::string_view bytes) {
    const unsigned seed = 1 + fuzz::take_byte(bytes);
    const Outcome whole = read(bytes, 0);
    const Outcome pieces = read(bytes, seed);
    fuzz::hold(whole.refused.empty() == pieces.refused.empty(), "one verdict");
    const bool nul = bytes.find('\0') != std::string_view::npos;
    fuzz::hold(nul || whole.refused == pieces.refused, "one reason");
    if (!whole.refused.empty()) return;
    fuzz::hold(!nul, "no NUL byte passes");
    fuzz::hold(whole.passed == pieces.passed, "one output");
    // What has passed passes again, as it is.
    const Outcome again = read(whole.passed, 0);
    fuzz::hold(again.refused.empty() && again.passed == whole.passed, "what passed passes again");
}
