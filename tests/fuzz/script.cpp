// Plain dumps: the verdict and what psql gets do not depend on how the stream is cut.
#include "backup/script.h"

#include "fuzz.h"
#include "pg/import_role.h"

namespace {

using Extensions = backup::Script::Extensions;

struct Outcome {
    std::string refused;
    std::string passed;
};

Outcome read(std::string_view dump, unsigned seed, Extensions extensions) {
    Outcome outcome;
    outcome.refused = fuzz::refusal([&] {
        backup::Script script([&](std::string_view bytes) { outcome.passed += bytes; }, extensions);
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
    const auto extensions = seed % 2 == 0 ? Extensions::kept : Extensions::called;
    const Outcome whole = read(bytes, 0, extensions);
    const Outcome pieces = read(bytes, seed, extensions);
    fuzz::hold(whole.refused.empty() == pieces.refused.empty(), "one verdict");
    const bool nul = bytes.find('\0') != std::string_view::npos;
    fuzz::hold(nul || whole.refused == pieces.refused, "one reason");
    if (!whole.refused.empty()) return;
    fuzz::hold(!nul, "no NUL byte passes");
    fuzz::hold(whole.passed == pieces.passed, "one output");
    // Only what is an extension's is said otherwise, and only where that is asked for.
    const bool called = whole.passed.find(pg::extend_function) != std::string::npos;
    const bool given = bytes.find(pg::extend_function) != std::string_view::npos;
    fuzz::hold(!called || given || extensions == Extensions::called, "nothing is called unasked");
    // What has passed passes again, as it is.
    const Outcome again = read(whole.passed, 0, extensions);
    fuzz::hold(again.refused.empty() && again.passed == whole.passed, "what passed passes again");
}
