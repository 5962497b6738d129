// The psql that runs a dump's script, and what is sent before and around its statements.
#include "transfer/script_tool.h"

#include "pg/databases.h"
#include "service/random.h"

namespace transfer {

namespace {

constexpr std::size_t token_bytes = 24;
constexpr std::size_t tag_bytes = 16;
constexpr std::string_view outer = "DO $merge_";
constexpr std::string_view inner = "$BEGIN EXECUTE $dump_";

}  // namespace

process::Command script_tool(const ImportJob& work) {
    // With `--file=-` errors have line numbers.
    std::vector<std::string> words = {"psql",          "--no-psqlrc",   "--quiet",
                                      "--no-password", "--echo-errors", "--output=/dev/null"};
    if (!work.how.lenient) words.emplace_back("--set=ON_ERROR_STOP=1");
    words.emplace_back("--file=-");
    return work.staging.tool(words);
}

// With \restrict psql runs no backslash command of the dump, even one that our filter does not
// recognise.
std::string script_head(const ImportJob& work) {
    std::string line;
    if (pg::knows_restrict(work.session.version()))
        line = "\\restrict " + service::random_hex(token_bytes);
    return line + "\n" + (work.how.merge ? "BEGIN; " : "");
}

// The tags of the dollar quotes are random, made after the statement has been read, so a dump
// cannot contain them.
dump::PlainDumpFilter::Enclosure merge_enclosure() {
    const std::string tag = service::random_hex(tag_bytes);
    return {.before = std::string{outer} + tag + std::string{inner} + tag + "$",
            .after = "$dump_" + tag + "$;END$merge_" + tag + "$;"};
}

std::string enclosed(std::string_view statement) {
    const auto enclosure = merge_enclosure();
    return enclosure.before + std::string{statement} + enclosure.after;
}

std::optional<std::string_view> without_enclosure(std::string_view text) {
    constexpr std::size_t tag = 2 * tag_bytes;
    constexpr std::size_t before = outer.size() + tag + inner.size() + tag + 1;
    if (!text.starts_with(outer) || text.size() < before) return {};
    const auto after = text.find("$dump_" + std::string{text.substr(outer.size(), tag)}, before);
    return text.substr(before, after == std::string_view::npos ? after : after - before);
}

}  // namespace transfer
