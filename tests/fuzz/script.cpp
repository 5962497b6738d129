// Plain dumps: the verdict and what psql gets do not depend on how the stream is cut.
#include "dump/plain_dump_filter.h"

#include "fuzz.h"
#include "pg/import_role.h"
#include "transfer/statement_rules.h"

namespace {

struct Outcome {
    std::string refused;
    std::string passed;
};

Outcome read(std::string_view dump, unsigned seed, bool confined, bool merging = false) {
    Outcome outcome;
    outcome.refused = fuzz::refusal([&] {
        transfer::StatementRules rules{{.roles = {"a"}, .extensions = {"a"}, .schemas = {"public"}},
                                       {.confined = confined, .merging = merging}};
        dump::PlainDumpFilter script(
            [&](std::string_view bytes) { outcome.passed += bytes; },
            [&](std::string_view statement) { return rules.change(statement); });
        if (merging) script.enclose([] { return dump::PlainDumpFilter::Enclosure{"<", ">"}; });
        if (seed == 0)
            script.feed(dump);
        else
            fuzz::in_pieces(dump, seed, [&](std::string_view piece) { script.feed(piece); });
        script.finish();
        outcome.passed += rules.rest();
    });
    return outcome;
}

bool nul_or_same(std::string_view dump, const Outcome& one, const Outcome& other) {
    return dump.find('\0') != std::string_view::npos || one.refused == other.refused;
}

}  // namespace

void attack(std::string_view bytes) {
    const unsigned seed = 1 + fuzz::take_byte(bytes);
    const bool confined = seed % 2 != 0;
    const Outcome whole = read(bytes, 0, confined);
    const Outcome pieces = read(bytes, seed, confined);
    fuzz::hold(whole.refused.empty() == pieces.refused.empty(), "one verdict");
    const bool nul = bytes.find('\0') != std::string_view::npos;
    fuzz::hold(nul || whole.refused == pieces.refused, "one reason");
    const Outcome merged = read(bytes, 0, confined, true);
    const Outcome merged_pieces = read(bytes, seed, confined, true);
    fuzz::hold(nul_or_same(bytes, merged, merged_pieces), "one reason of a merge");
    if (merged.refused.empty())
        fuzz::hold(merged.passed == merged_pieces.passed, "one output of a merge");
    if (!whole.refused.empty()) return;
    fuzz::hold(!nul, "no NUL byte passes");
    fuzz::hold(whole.passed == pieces.passed, "one output");
    // Only what is an extension's is said otherwise, and only where that is asked for.
    const bool called = whole.passed.find(pg::extend_function) != std::string::npos;
    const bool given = bytes.find(pg::extend_function) != std::string_view::npos;
    fuzz::hold(!called || given || confined, "nothing is called unasked");
}
