// Archives: their table of contents keeps every byte that it does not have to change, and its
// length.
#include "backup/archive.h"

#include "backup/bytes.h"
#include "backup/contents.h"
#include "fuzz.h"

namespace {

struct Outcome {
    std::string refused;
    std::string passed;
    std::size_t taken = 0;
};

Outcome pass(std::string_view bytes, std::size_t most) {
    Outcome outcome;
    outcome.refused = fuzz::refusal([&] {
        backup::pass_contents(bytes::from(bytes, outcome.taken, most),
                              [&](std::string_view part) { outcome.passed += part; });
    });
    return outcome;
}

}  // namespace

void attack(std::string_view bytes) {
    const std::size_t most = 1 + fuzz::take_byte(bytes) % 9;
    const Outcome whole = pass(bytes, bytes.size());
    const Outcome pieces = pass(bytes, most);
    fuzz::hold(whole.refused == pieces.refused && whole.passed == pieces.passed &&
                   whole.taken == pieces.taken,
               "one outcome for every way of cutting");
    if (!whole.refused.empty()) return;
    fuzz::hold(whole.passed.size() == whole.taken, "as long as it was");
    const Outcome again = pass(whole.passed, whole.passed.size());
    fuzz::hold(again.refused.empty() && again.passed == whole.passed, "what passed passes again");
}
